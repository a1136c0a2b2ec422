"""The pages of an import, from the upload to its result."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from activity import transfers
from activity.models import AuditEntry, Transfer
from activity.transfer_states import State
from config.models import User
from config.roles import MARKETER
from contacts.imports.storage import uploaded
from contacts.models import Contact, VariableDefinition
from tests.factories import ContactFactory, TransferFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/contacts/import/"
PEOPLE = "email,First name,City\nolga@example.com,Ольга,Київ\nivan@,Іван,Львів\nmaria@example.com,Марія,\n"
CHOICES = {"target-0": "email", "target-1": "firstName", "target-2": "new:string", "variable-2": "City"}
# Addresses of an import's own pages, and whether they take POST.
PAGES = {
    "": False,
    "columns/": False,
    "progress/": False,
    "run/": True,
    "retry/": True,
    "cancel/": True,
    "refused/": False,
}


def upload(site: Client, content: bytes | str = PEOPLE, name: str = "people.csv") -> Any:
    data = content if isinstance(content, bytes) else content.encode()
    return site.post(URL, {"file": SimpleUploadedFile(name, data)})


def work() -> Transfer:
    """A worker does what is to be done for the latest import."""
    transfer = Transfer.objects.latest("pk")
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def text(site: Client, url: str) -> str:
    response = site.get(url)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


@pytest.fixture
def waiting(site: Client) -> Transfer:
    """A marketer's import whose columns are to be chosen."""
    upload(site)
    return work()


@pytest.fixture
def checked(site: Client, waiting: Transfer) -> Transfer:
    """One that has been checked."""
    site.post(f"{waiting.url}columns/", CHOICES)
    return work()


class TestWholeWay:
    def test_from_a_file_to_contacts(self, site: Client) -> None:
        url = upload(site)["Location"]
        assert "Waiting for a worker" in text(site, url)

        assert work().state == State.WAITING
        assert site.get(url)["Location"] == f"{url}columns/"
        page = text(site, f"{url}columns/")
        assert "olga@example.com" in page
        assert '<option value="email" selected>' in page
        assert '<option value="firstName" selected>' in page

        assert site.post(f"{url}columns/", CHOICES)["Location"] == url
        assert work().state == State.WAITING
        page = text(site, url)
        assert "What the import would do" in page
        assert "Import 2 rows" in page
        assert "“ivan@” is not an email address" in page
        assert not Contact.objects.exists()

        assert site.post(f"{url}run/")["Location"] == url
        assert work().state == State.DONE
        page = text(site, url)
        assert "The import is done" in page
        assert f'href="{url}refused/"' in page
        olga = Contact.objects.get(email="olga@example.com")
        assert (olga.first_name, olga.variables, olga.added_via) == ("Ольга", {"City": "Київ"}, "import")
        assert Contact.objects.count() == 2
        assert VariableDefinition.objects.get().name == "City"

        download = site.get(f"{url}refused/")
        assert download["Content-Disposition"] == 'attachment; filename="refused rows of people.csv"'
        rows = list(csv.reader(io.StringIO(b"".join(download).decode("utf-8-sig"))))
        assert rows[1][:4] == ["ivan@", "Іван", "Львів", "3"]

    def test_of_refused_rows_that_were_mended(self, site: Client, checked: Transfer) -> None:
        site.post(f"{checked.url}run/")
        work()
        mended = b"".join(site.get(f"{checked.url}refused/")).replace(b"ivan@,", b"ivan@example.com,")

        url = upload(site, mended)["Location"]
        work()
        page = text(site, f"{url}columns/")
        assert page.count('value="variable:City" selected') == 1
        choices = {"target-0": "email", "target-1": "firstName", "target-2": "variable:City"}
        site.post(f"{url}columns/", choices)
        work()
        site.post(f"{url}run/")
        assert work().result["new"] == 1
        assert Contact.objects.get(email="ivan@example.com").variables == {"City": "Львів"}

    def test_of_a_workbook(self, site: Client) -> None:
        file = io.BytesIO()
        with xlsxwriter.Workbook(file) as workbook:
            sheet = workbook.add_worksheet()
            for number, row in enumerate([["Phone", "userId"], [380671234567, "00123"]]):
                sheet.write_row(number, 0, row)
        url = upload(site, file.getvalue(), "люди.xlsx")["Location"]
        work()
        assert "00123" in text(site, f"{url}columns/")
        site.post(f"{url}columns/", {"target-0": "phoneNumber", "target-1": "userId"})
        work()
        site.post(f"{url}run/")
        assert work().state == State.DONE
        contact = Contact.objects.get()
        assert (contact.phone, contact.user_id) == ("+380671234567", "00123")


class TestUpload:
    def test_the_page_says_what_it_takes_and_shows_the_latest_imports(self, site: Client, waiting: Transfer) -> None:
        page = text(site, URL)
        assert "up to 2.0 GB" in page
        assert "people.csv" in page

    def test_keeps_the_file_to_its_owner(self, site: Client, marketer: User) -> None:
        upload(site)
        transfer = Transfer.objects.get()
        assert (transfer.owner_id, transfer.state, transfer.step) == (marketer.pk, State.QUEUED, "inspect")
        assert uploaded(transfer).read_text() == PEOPLE
        assert uploaded(transfer).stat().st_mode & 0o077 == 0
        assert uploaded(transfer).parent.stat().st_mode & 0o077 == 0
        assert AuditEntry.objects.get().verb == "import.inspect"

    def test_too_big_a_file_is_refused_before_it_is_read(self, site: Client, settings: Settings) -> None:
        class Untouchable(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                raise AssertionError("the body was read")

        settings.IMPORT_MAX_BYTES = 1000
        form = {
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": "200000",
            "wsgi.input": Untouchable(),
        }
        response = site.generic("POST", URL, **form)  # type: ignore[arg-type]
        assert response.status_code == 413
        assert "The file is larger than" in response.content.decode().replace("\xa0", " ")
        assert not Transfer.objects.exists()

    def test_who_may_not_import_sends_a_file_for_nothing(
        self, signed_in: Callable[[User], Client], support: User
    ) -> None:
        assert upload(signed_in(support)).status_code == 403
        assert upload(Client())["Location"].startswith("/accounts/login/")
        assert not Transfer.objects.exists()

    def test_an_empty_file_and_none_at_all_are_told(self, site: Client) -> None:
        assert "The file is empty." in upload(site, b"").content.decode()
        for data in ({}, {"file": "text"}, {"other": SimpleUploadedFile("people.csv", b"email\na@example.com\n")}):
            response = site.post(URL, data)
            assert response.status_code == 200
            assert 'class="errorlist"' in response.content.decode()
        assert not Transfer.objects.exists()

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("люди 🙂.csv", "люди 🙂.csv"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\Olga\\people.csv", "people.csv"),
            ("no extension", "no extension"),
            ('quo"te & <b>.csv', 'quo"te & <b>.csv'),
            ("a" * 300 + ".csv", "a" * 251 + ".csv"),
        ],
    )
    def test_a_file_may_have_any_name(self, name: str, kept: str, site: Client) -> None:
        url = upload(site, name=name)["Location"]
        transfer = Transfer.objects.get()
        assert transfer.source_name == kept
        assert "<b>" not in text(site, url)
        Transfer.objects.update(state=State.DONE, step="run")
        (transfer.path / "refused.csv").write_text("email")
        download = site.get(f"{url}refused/")
        assert download.status_code == 200
        assert "\n" not in download["Content-Disposition"]
        download.close()

    def test_a_form_from_elsewhere_uploads_nothing(self, marketer: User) -> None:
        site = Client(enforce_csrf_checks=True)
        site.force_login(marketer)
        assert upload(site).status_code == 403
        assert not Transfer.objects.exists()

    def test_a_field_beside_the_file_that_is_far_too_long_is_refused(self, site: Client) -> None:
        file = SimpleUploadedFile("people.csv", PEOPLE.encode())
        response = site.post(URL, {"note": "x" * 10_000_000, "file": file})
        assert response.status_code == 413
        assert "MB" in response.content.decode()
        assert not Transfer.objects.exists()

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"%PDF-1.7 ...", "This is not a CSV or XLSX file but a PDF."),
            (b"email,name\n", "The file has a header but no rows."),
            (b",,\n,,\n", "The file is empty."),
            (",".join(f"c{number}" for number in range(10_000)).encode() + b"\nx", "The file has 10000 columns"),
            (bytes(range(256)) * 9, "This is a binary file."),
        ],
    )
    def test_a_file_that_cannot_be_imported_is_refused_with_its_reason(
        self, content: bytes, reason: str, site: Client
    ) -> None:
        url = upload(site, content)["Location"]
        assert work().state == State.FAILED
        page = text(site, url)
        assert reason in page
        assert "Upload another file" in page
        assert site.get(f"{url}columns/")["Location"] == url


class TestColumns:
    def test_wrong_choices_are_told_and_kept(self, site: Client, waiting: Transfer) -> None:
        page = site.post(f"{waiting.url}columns/", {"target-0": "email", "target-1": "email"}).content.decode()
        assert "are both meant for Email" in page
        assert page.count('<option value="email" selected>') == 2
        waiting.refresh_from_db()
        assert waiting.state == State.WAITING

    def test_missing_and_foreign_parameters_are_no_error_page(self, site: Client, waiting: Transfer) -> None:
        answers: list[dict[str, str]] = [
            {},
            {"check": "1"},
            {"target-99": "email"},
            {"target-0": "\0", "variable-0": "\0"},
            {"target-0": "new:string", "variable-0": "x" * 10_000},
            {"target-0": "email", "source": "999", "date_order": "?"},
        ]
        for answer in answers:
            assert site.post(f"{waiting.url}columns/", answer).status_code == 200
        waiting.refresh_from_db()
        assert waiting.state == State.WAITING

    def test_answers_far_too_long_are_refused(self, site: Client, waiting: Transfer) -> None:
        response = site.post(f"{waiting.url}columns/", {**CHOICES, "variable-2": "x" * 10_000_000})
        assert response.status_code == 413

    def test_the_file_can_be_read_in_another_way(self, site: Client) -> None:
        url = upload(site, "Пошта;Ім'я\nolga@example.com;Ольга\n".encode("koi8-u"))["Location"]
        work()
        assert "Ольга" in text(site, f"{url}columns/")
        form = {"preview": "1", "encoding": "cp1251", "delimiter": ",", "quote": "", "header": "0"}
        assert site.post(f"{url}columns/", form)["Location"] == f"{url}columns/"
        page = text(site, f"{url}columns/")
        assert "Ольга" not in page
        assert "Column 1" in page
        assert "Column 2" not in page

        site.post(f"{url}columns/", {**form, "encoding": "koi8-u", "delimiter": ";", "header": "1"})
        assert "Ольга" in text(site, f"{url}columns/")

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1251"])
    def test_read_in_a_wrong_way_it_is_still_a_page(self, encoding: str, site: Client) -> None:
        url = upload(site, PEOPLE + "x")["Location"]
        work()
        form = {"preview": "1", "encoding": encoding, "delimiter": "|", "quote": "'", "header": "1"}
        site.post(f"{url}columns/", form)
        text(site, f"{url}columns/")
        site.post(f"{url}columns/", {"target-0": "email"})
        assert work().state in {State.WAITING, State.FAILED}
        text(site, url)

    def test_a_preview_without_answers_changes_nothing(self, site: Client, waiting: Transfer) -> None:
        assert site.post(f"{waiting.url}columns/", {"preview": "1"}).status_code == 302
        assert "olga@example.com" in text(site, f"{waiting.url}columns/")

    def test_after_the_check_they_can_be_changed(self, site: Client, checked: Transfer) -> None:
        page = text(site, f"{checked.url}columns/")
        assert 'value="City"' in page
        assert '<option value="new:string" selected>' in page
        site.post(f"{checked.url}columns/", {"target-0": "email"})
        checked.refresh_from_db()
        assert (checked.state, checked.step) == (State.QUEUED, "check")
        assert site.get(f"{checked.url}columns/")["Location"] == checked.url, "not while it is worked on"

    def test_headers_may_hold_anything(self, site: Client) -> None:
        url = upload(site, b"email,na\0me,<b>bold</b>\n" + b"olga@example.com,Olga,x\n" * 50)["Location"]
        work()
        assert "<b>bold" not in text(site, f"{url}columns/")
        site.post(f"{url}columns/", {"target-0": "email", "target-1": "new:string", "variable-1": "nickname"})
        assert work().step == "confirm"
        site.post(f"{url}run/")
        assert work().state == State.DONE
        assert VariableDefinition.objects.get().label == "na me"

    def test_sent_twice_the_file_is_checked_once(self, site: Client, waiting: Transfer) -> None:
        for _click in range(2):
            assert site.post(f"{waiting.url}columns/", CHOICES)["Location"] == waiting.url
        assert AuditEntry.objects.filter(verb="import.check").count() == 1

    def test_the_page_asks_the_database_as_often_for_many_columns_as_for_few(
        self, site: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for width in (2, 200):
            row = ",".join(f"Phone {number}" for number in range(width))
            url = upload(site, f"{row}\n{'067 123 45 67,' * (width - 1)}x\n")["Location"]
            work()
            with django_assert_num_queries(6):
                text(site, f"{url}columns/")


class TestRun:
    def test_sent_twice_it_runs_once(self, site: Client, checked: Transfer) -> None:
        for _click in range(2):
            assert site.post(f"{checked.url}run/")["Location"] == checked.url
        assert work().state == State.DONE
        site.post(f"{checked.url}run/")
        assert AuditEntry.objects.filter(verb="import.run").count() == 1
        assert Contact.objects.count() == 2

    def test_by_another_click_at_the_same_moment_it_runs_once_too(
        self, site: Client, checked: Transfer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The other click comes between this one's look at the import and its own queueing."""
        queue = transfers.queue

        def queue_twice(transfer: Transfer, **options: Any) -> None:
            queue(Transfer.objects.get(pk=transfer.pk), **options)
            queue(transfer, **options)

        monkeypatch.setattr(transfers, "queue", queue_twice)
        assert site.post(f"{checked.url}run/")["Location"] == checked.url
        assert AuditEntry.objects.filter(verb="import.run").count() == 1

    @pytest.mark.parametrize("state", State)
    @pytest.mark.parametrize("step", ["inspect", "map", "run"])
    def test_only_what_was_checked_runs(self, state: State, step: str, site: Client, marketer: User) -> None:
        transfer = TransferFactory.create(owner=marketer, state=state, step=step)
        assert site.post(f"{transfer.url}run/")["Location"] == transfer.url
        transfer.refresh_from_db()
        assert (transfer.state, transfer.step) == (state, step)

    def test_with_nothing_to_import_there_is_no_button(self, site: Client) -> None:
        ContactFactory.create(email="olga@example.com")
        url = upload(site, "email,name\nolga@example.com,\nx,y\n")["Location"]
        work()
        site.post(f"{url}columns/", {"target-0": "email"})
        work()
        page = text(site, url)
        assert "There is nothing to import" in page
        assert f'action="{url}run/"' not in page

    def test_progress_renews_itself_until_there_is_nothing_to_wait_for(self, site: Client, marketer: User) -> None:
        transfer = TransferFactory.create(owner=marketer, state=State.RUNNING, step="run", total=2000, done=500)
        fragment = text(site, f"{transfer.url}progress/")
        assert "25%" in fragment
        assert "500 of 2,000 rows" in fragment
        assert "<html" not in fragment
        Transfer.objects.update(state=State.DONE)
        assert site.get(f"{transfer.url}progress/").headers["HX-Refresh"] == "true"

    def test_a_failed_import_can_be_taken_up_again(self, site: Client, marketer: User) -> None:
        values = {"owner": marketer, "state": State.FAILED, "step": "run", "error": "It was interrupted too often."}
        transfer = TransferFactory.create(**values, checkpoint={"row": 10, "chunk": 1, "counts": {"new": 9}})
        page = text(site, transfer.url)
        assert "It was interrupted too often." in page
        assert f'action="{transfer.url}retry/"' in page
        for _click in range(2):
            assert site.post(f"{transfer.url}retry/")["Location"] == transfer.url
        transfer.refresh_from_db()
        assert (transfer.state, transfer.checkpoint["row"]) == (State.QUEUED, 10)

    def test_a_cancelled_import_says_what_stays(self, site: Client, marketer: User) -> None:
        transfer = TransferFactory.create(owner=marketer, state=State.RUNNING, step="run", total=10, done=5)
        for _click in range(2):
            assert site.post(f"{transfer.url}cancel/")["Location"] == transfer.url
        assert "Stopping" in text(site, transfer.url)
        Transfer.objects.update(state=State.CANCELLED)
        site.post(f"{transfer.url}cancel/")
        assert "The import was cancelled" in text(site, transfer.url)
        assert "What was imported before it was cancelled stays." in text(site, transfer.url)

    def test_without_refused_rows_there_is_no_file_of_them(self, site: Client, waiting: Transfer) -> None:
        response = site.get(f"{waiting.url}refused/")
        assert response.status_code == 404
        assert "This import has no file of refused rows (any more)." in response.content.decode()

    @pytest.mark.parametrize("step", ["inspect", "map", "check", "confirm", "run"])
    @pytest.mark.parametrize("state", sorted(set(State) - {State.WAITING}))
    def test_every_state_of_every_step_is_a_page(self, state: State, step: str, site: Client, marketer: User) -> None:
        transfer = TransferFactory.create(
            owner=marketer, state=state, step=step, error="Why." * (state == State.FAILED)
        )
        page = text(site, transfer.url)
        assert ("Why." in page) == (state == State.FAILED)


class TestWhose:
    @pytest.fixture
    def other(self, signed_in: Callable[[User], Client]) -> Client:
        """The browser of another marketer."""
        return signed_in(UserFactory.create(role=MARKETER))

    @pytest.mark.parametrize("page", PAGES)
    def test_another_ones_import_is_not_there(self, page: str, waiting: Transfer, other: Client) -> None:
        visit = other.post if PAGES[page] else other.get
        response = visit(f"{waiting.url}{page}")
        assert response.status_code == 404
        assert "You have no import of this number." in response.content.decode()
        waiting.refresh_from_db()
        assert waiting.state == State.WAITING

    def test_another_ones_import_is_not_among_the_latest(self, waiting: Transfer, other: Client) -> None:
        assert waiting.source_name not in text(other, URL)

    def test_an_admin_sees_everybodys(
        self, waiting: Transfer, signed_in: Callable[[User], Client], admin: User
    ) -> None:
        assert "olga@example.com" in text(signed_in(admin), f"{waiting.url}columns/")

    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("number", ["0", "999", "9" * 18, "9" * 40])
    def test_an_import_that_does_not_exist_is_not_there(self, page: str, number: str, site: Client) -> None:
        visit = site.post if PAGES[page] else site.get
        assert visit(f"{URL}{number}/{page}").status_code == 404

    @pytest.mark.parametrize("page", [page for page, takes_post in PAGES.items() if takes_post])
    def test_a_link_alone_changes_nothing(self, page: str, site: Client, waiting: Transfer) -> None:
        assert site.get(f"{waiting.url}{page}").status_code == 405

    def test_another_kind_of_transfer_is_no_import(self, site: Client, marketer: User) -> None:
        export = TransferFactory.create(owner=marketer, kind="export")
        assert site.get(f"{URL}{export.pk}/").status_code == 404
