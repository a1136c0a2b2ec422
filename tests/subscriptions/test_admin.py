"""Blacklists in the administration: found, added, imported, exported and removed, by whom may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity.audit import Actor
from activity.models import AuditEntry
from config.models import User
from config.roles import ADMIN, MARKETER, SUPPORT
from subscriptions import blacklist_files, blacklists
from subscriptions.facts import Blacklist, Door, Reason
from subscriptions.models import BlacklistEntry, ConsentRecord
from tests.factories import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/subscriptions/blacklistentry/"


@pytest.fixture
def site(admin: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(admin)


def enter(
    address: str, kind: Blacklist = Blacklist.EMAIL, reason: Reason = Reason.MANUAL, note: str = ""
) -> BlacklistEntry:
    blacklists.add(kind=kind, address=address, reason=reason, note=note, actor=Actor(), door=Door.PROVIDER)
    return BlacklistEntry.objects.of(kind, address).get()


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def search(site: Client, text: str) -> Any:
    return site.post(f"{LIST}search/", {"q": text}, follow=True)


def shown(response: Any) -> list[str | None]:
    return [entry.address for entry in response.context["cl"].result_list]


def upload(site: Client, text: str | bytes, kind: Blacklist = Blacklist.EMAIL) -> Any:
    content = text.encode() if isinstance(text, str) else text
    return site.post(f"{LIST}import/", {"kind": kind.value, "file": SimpleUploadedFile("list.csv", content)})


class TestSearching:
    @pytest.mark.parametrize("text", ["+380671234567", "067 123 45 67", "00380 67 123-45-67", " 380671234567 "])
    def test_finds_a_number_in_any_form_on_every_list(self, site: Client, text: str) -> None:
        enter("+380671234567", Blacklist.PHONE)
        enter("+380671234567", Blacklist.VIBER)
        enter("+380671234568", Blacklist.PHONE)
        assert shown(search(site, text)) == ["+380671234567"] * 2

    def test_finds_an_email_in_any_form_and_the_address_of_the_page_does_not_have_it(self, site: Client) -> None:
        enter("anna@example.com")
        enter("bohdan@example.com")
        response = search(site, " Anna@EXAMPLE.com")
        assert shown(response) == ["anna@example.com"]
        assert "anna" not in response.redirect_chain[-1][0].casefold()
        assert "The one searched for" in response.content.decode()

    def test_finds_an_address_that_is_no_longer_kept(self, site: Client) -> None:
        entry = enter("anna@example.com")
        BlacklistEntry.objects.update(address=None)
        response = search(site, "anna@example.com")
        assert [found.pk for found in response.context["cl"].result_list] == [entry.pk]
        assert "erased with its contact" in response.content.decode()

    def test_says_what_is_not_there(self, site: Client) -> None:
        enter("anna@example.com")
        response = search(site, "bohdan@example.com")
        assert said(response) == ["This address is on no black list."]
        assert shown(response) == []
        assert said(search(site, "anna")) == ["This is neither a whole email nor a whole phone number."]
        assert len(shown(search(site, " "))) == 1
        assert shown(site.get(f"{LIST}?address=nonsense")) == []

    def test_the_list_is_filtered_and_costs_the_same_whatever_there_is(
        self, site: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        enter("anna@example.com", reason=Reason.COMPLAINT)
        enter("+380671234567", Blacklist.PHONE)
        assert shown(site.get(f"{LIST}?reason__exact=complaint")) == ["anna@example.com"]
        assert shown(site.get(f"{LIST}?kind__exact=2")) == ["+380671234567"]
        for number in range(5):
            enter(f"person{number}@example.com")
            with django_assert_max_num_queries(9):
                site.get(LIST)


class TestAdding:
    def test_normalises_the_address_and_keeps_who_and_why(self, site: Client, admin: User) -> None:
        contact = ContactFactory.create(email="anna@example.com")
        given = {"kind": 1, "address": " Anna@Example.com", "reason": "complaint", "note": "By letter"}
        response = site.post(f"{LIST}add/", given)
        assert response.status_code == 302
        entry = BlacklistEntry.objects.get()
        assert (entry.address, entry.reason, entry.note) == ("anna@example.com", "complaint", "By letter")
        assert (entry.user, entry.by, entry.door) == (admin, admin.username, Door.ADMIN)
        assert ConsentRecord.objects.get(contact=contact).reason == "Complaint: By letter"
        assert AuditEntry.objects.get().verb == "blacklist.add"
        assert "anna" not in LogEntry.objects.get().object_repr

    @pytest.mark.parametrize(
        ("given", "field", "words"),
        [
            ({"address": "anna"}, "address", "is not an email address"),
            ({"address": ""}, "address", "required"),
            ({"reason": "undeliverable"}, "reason", "Reasons of this list are: Hard bounce, Complaint"),
            ({"address": "listed@example.com"}, "address", "on the list already"),
        ],
    )
    def test_refuses_in_words(self, site: Client, given: dict[str, str], field: str, words: str) -> None:
        enter("listed@example.com")
        whole: dict[str, Any] = {"kind": 1, "address": "anna@example.com", "reason": "manual"}
        response = site.post(f"{LIST}add/", whole | given)
        errors = response.context["adminform"].form.errors
        assert words in str(errors[field])
        assert set(errors) == {field}
        assert BlacklistEntry.objects.count() == 1

    def test_entries_are_never_changed(self, site: Client) -> None:
        entry = enter("anna@example.com")
        page = site.get(f"{LIST}{entry.pk}/change/").content.decode()
        assert "anna@example.com" in page
        assert 'name="_save"' not in page
        assert site.post(f"{LIST}{entry.pk}/change/", {"note": "x"}).status_code == 403


class TestRemoving:
    def test_says_what_it_restarts_and_keeps_why(self, site: Client, admin: User) -> None:
        contact = ContactFactory.create(email="anna@example.com")
        entry = enter("anna@example.com")
        page = site.get(f"{LIST}{entry.pk}/delete/").content.decode()
        assert "Remove this address from the Email Black List?" in page
        assert "Nobody is subscribed by it" in page
        site.post(f"{LIST}{entry.pk}/delete/", {"post": "yes", "reason": "A mistake"})
        assert not BlacklistEntry.objects.exists()
        record = ConsentRecord.objects.filter(contact=contact).latest("id")
        assert (record.after, record.reason, record.user_id) == ("unlisted", "A mistake", admin.pk)

    def test_several_at_once_leave_a_record_each(self, site: Client) -> None:
        entries = [enter(ContactFactory.create().email or "") for _each in range(2)]
        given = {"action": "delete_selected", "_selected_action": [entry.pk for entry in entries], "post": "yes"}
        site.post(LIST, given)
        assert not BlacklistEntry.objects.exists()
        assert ConsentRecord.objects.filter(after="unlisted").count() == 2


class TestImporting:
    def test_counts_what_it_lists_and_what_was_listed(self, site: Client) -> None:
        enter("old@example.com", reason=Reason.COMPLAINT)
        text = (
            "identifier,reason,note\r\nNew@Example.com,hard_bounce,From the old system\r\n"
            "old@example.com,Manual\r\nnew@example.com,manual\r\n\r\n"
        )
        report = upload(site, text).context["report"]
        assert (report.listed, report.already, report.refused) == (1, 2, 0)
        entry = BlacklistEntry.objects.get(address="new@example.com")
        assert (entry.reason, entry.note, entry.door) == ("hard_bounce", "From the old system", Door.ADMIN)
        assert BlacklistEntry.objects.get(address="old@example.com").reason == Reason.COMPLAINT

    def test_lists_what_it_can_and_says_of_each_other_line_why(self, site: Client) -> None:
        text = (
            "anna@example.com,manual\nnobody,manual\n,manual\nb@example.com,\nc@example.com,boredom\n"
            f"d@example.com,manual,{'x' * 201}\ne@example.com,manual,note,more\n"
            '"f\n@example.com",manual\nz@example.com,manual\n'
        )
        response = upload(site, text)
        report = response.context["report"]
        assert (report.listed, report.refused) == (2, 7)
        assert [line for line, _reason in report.reasons] == [2, 3, 4, 5, 6, 7, 8]
        words = [reason for _line, reason in report.reasons]
        assert words[1] == "The identifier is missing."
        assert words[2].startswith("The reason is missing. It is one of: hard_bounce")
        assert words[3].startswith("“boredom” is no reason of this list.")
        assert "Lines that were refused: 7." in response.content.decode()

    @pytest.mark.parametrize(
        "content",
        [
            b"067 123 45 67;undeliverable;\n",
            "phone\treason\n067 123 45 67\tUndeliverable\n".encode("utf-16"),
            "\ufeff067 123 45 67,undeliverable".encode(),
        ],
    )
    def test_reads_usual_files(self, site: Client, content: bytes) -> None:
        assert upload(site, content, Blacklist.PHONE).context["report"].listed == 1
        assert BlacklistEntry.objects.get().address == "+380671234567"

    @pytest.mark.parametrize("content", ["Олена,manual".encode("cp1251"), b"PK\x03\x04\xff\xfe\xfa"])
    def test_refuses_what_is_no_text(self, site: Client, content: bytes) -> None:
        response = upload(site, content)
        assert "neither UTF-8 nor UTF-16" in response.content.decode()
        assert response.context["report"] is None

    def test_refuses_files_without_end(self, site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("subscriptions.admin_forms.MOST_BYTES", 10)
        assert "Cut it into several." in upload(site, "anna@example.com,manual").content.decode()

    def test_asks_for_a_file(self, site: Client) -> None:
        assert "required" in site.post(f"{LIST}import/", {"kind": 1}).content.decode()
        assert site.get(f"{LIST}import/").status_code == 200

    def test_comes_in_chunks(self, site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(blacklist_files, "_CHUNK", 2)
        text = "".join(f"person{number}@example.com,manual\n" for number in range(5))
        assert upload(site, text).context["report"].listed == 5
        assert AuditEntry.objects.filter(verb="blacklist.add").count() == 3


class TestExporting:
    def test_brings_the_filtered_entries_and_can_be_imported_again(self, site: Client) -> None:
        enter("anna@example.com", reason=Reason.COMPLAINT, note="=1+1")
        enter("+380671234567", Blacklist.PHONE)
        response = site.get(f"{LIST}export/?kind__exact=1")
        lines = b"".join(response).decode().split("\r\n")
        assert lines[0] == "identifier,reason,note,list,by,through,since"
        assert lines[1].startswith("anna@example.com,complaint,'=1+1,email,Rapport,provider,20")
        assert len(lines) == 3
        assert AuditEntry.objects.latest("id").verb == "blacklist.export"

    def test_goes_back_where_the_address_makes_no_sense(self, site: Client) -> None:
        assert site.get(f"{LIST}export/?kind__exact=x").status_code == 302


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(ADMIN, {"view", "add", "remove"}), (MARKETER, {"view", "add"}), (SUPPORT, set())],
)
def test_each_role_does_what_the_table_says(role: str, allowed: set[str], signed_in: Callable[[User], Client]) -> None:
    site = signed_in(UserFactory.create(role=role, is_staff=True))
    entry = enter("anna@example.com")
    assert (site.post(f"{LIST}search/", {"q": "a"}).status_code != 403) == ("view" in allowed)
    assert (site.get(f"{LIST}export/").status_code != 403) == ("view" in allowed)
    assert (site.get(f"{LIST}import/").status_code != 403) == ("add" in allowed)
    assert (upload(site, "b@example.com,manual").status_code != 403) == ("add" in allowed)
    assert BlacklistEntry.objects.filter(address="b@example.com").exists() == ("add" in allowed)
    site.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"})
    site.post(LIST, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert BlacklistEntry.objects.filter(pk=entry.pk).exists() == ("remove" not in allowed)
