"""What follows an erasure: files, the ledger, and imports that were under way."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings as installation
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from activity import transfers
from activity.catalogue import Channel
from activity.exports.feed import start_feed_export
from activity.exports.files import finished
from activity.feed import Filters
from activity.models import AuditEntry, Transfer
from activity.transfer_states import State
from contacts.erasure import aftermath
from contacts.erasure.erase import erase
from contacts.exporting import start_contact_export
from contacts.forms import FilterForm
from contacts.imports import merging
from contacts.models import Contact, Erasure
from subscriptions import blacklists
from subscriptions.consent import unsubscribe
from subscriptions.facts import Blacklist, Door, Reason
from subscriptions.models import BlacklistEntry, OptOut
from subscriptions.policy import can_receive
from tests.contacts.erasure.test_erase import with_everything
from tests.contacts.imports.importing import ACTOR, done, imported, inspected, queued, suggested
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db

MARK = "zzcanary7391"
HEADER = "userId,email,phone,First name\n"
THEIRS = f"{MARK},{MARK}@example.com,+380 50 739 11 22,{MARK}\n"
OTHERS = "u-1,one@example.com,,One\n"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.TRANSFERS_ROOT = tmp_path / "transfers"
    settings.ERASURES_LEDGER = tmp_path / "kept" / "erasures.jsonl"


def ledger() -> list[dict[str, Any]]:
    return [json.loads(line) for line in installation.ERASURES_LEDGER.read_text().splitlines()]


def files_with(mark: str) -> list[str]:
    """Files of transfers that have the mark, in any of the encodings that an import reads."""
    found = []
    for path in installation.TRANSFERS_ROOT.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if any(mark.encode(encoding) in content for encoding in ("utf-8", "utf-16-le")):
            found.append(path.name)
    return found


def tables_with(mark: str) -> list[str]:
    """Tables with the mark in any column."""
    found = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(
                f"SELECT count(*) FROM {connection.ops.quote_name(name)} AS t WHERE t::text ILIKE %s", [f"%{mark}%"]
            )
            if cursor.fetchone()[0]:
                found.append(name)
    return found


def broker_keys_with(mark: str) -> list[bytes]:
    broker = redis.Redis.from_url(installation.REDIS_URL)
    return [key for key in broker.scan_iter() if mark.encode() in key + (broker.dump(key) or b"")]


def erased(contact: Contact) -> Erasure:
    erasure = erase([contact.pk], actor=ACTOR)
    assert erasure is not None
    assert aftermath.finish_due() == 0
    erasure.refresh_from_db()
    return erasure


def test_a_marked_contact_is_found_nowhere(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    caplog.set_level(logging.DEBUG)
    refused = f"{MARK},{MARK}@example.com,12,{MARK}\n"
    imported(tmp_path, HEADER + THEIRS + OTHERS + refused)
    waiting = inspected(tmp_path, ("\ufeff" + HEADER + OTHERS + THEIRS).encode("utf-16-le"))
    contact = Contact.objects.get(user_id=MARK)
    contact.variables = {"note": f"{MARK}"}
    contact.last_name = contact.avatar_url = f"https://example.com/{MARK}.png"
    contact.save()
    with_everything(email=f"{MARK}-other@example.com")
    assert {"upload", "refused.csv"} <= set(files_with(MARK))
    assert "contacts_contact" in tables_with(MARK)

    with django_capture_on_commit_callbacks(execute=True):
        erase([contact.pk, *Contact.objects.filter(email__startswith=MARK).values_list("pk", flat=True)], actor=ACTOR)
        aftermath.finish_due()

    assert tables_with(MARK) == []
    assert files_with(MARK) == []
    assert broker_keys_with(MARK) == []
    assert MARK not in installation.ERASURES_LEDGER.read_text()
    assert MARK not in "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    assert Contact.objects.filter(user_id="u-1").exists()
    done(waiting, "check", parameters=waiting.parameters | {"mapping": suggested(waiting)})
    assert (waiting.state, waiting.result["unchanged"], waiting.result["rows"]) == (State.WAITING, 1, 1)


def test_searches_that_sessions_remember_are_forgotten(site: Client) -> None:
    contact = ContactFactory.create(first_name=MARK)
    word = site.post("/contacts/search/", {"q": MARK}).content.decode().partition("?search=")[2].partition('"')[0]
    assert MARK in site.get(f"/contacts/?search={word}").content.decode()
    erased(contact)
    assert MARK not in site.get(f"/contacts/?search={word}").content.decode()
    assert site.get("/contacts/").status_code == 200, "they stay signed in"


def test_the_receipt_counts_rows_of_files_and_forgets_whom_it_sought(tmp_path: Path) -> None:
    imported(tmp_path, HEADER + THEIRS + OTHERS)
    erasure = erased(Contact.objects.get(user_id=MARK))
    assert (erasure.files, erasure.sought, erasure.in_ledger) == ({"import": 1}, None, True)
    assert erasure.done_at
    assert AuditEntry.objects.get(verb="contact.erase_files").details == {"files": {"import": 1}}


def test_other_rows_keep_their_numbers_and_their_words(tmp_path: Path) -> None:
    """Who mends the file later finds every refused row where it was."""
    bad = "{},one@example.com,12,One\n"
    good = "u-0,zero@example.com,+380507391199,Zero\n"
    transfer = imported(tmp_path, HEADER + good + "".join(map(bad.format, ("u-1", MARK, "u-3"))))
    assert transfer.result["refused"] == 3
    erased(ContactFactory.create(user_id=MARK))
    rows = [line for line in (transfer.path / "refused.csv").read_text("utf-8-sig").splitlines() if line]
    assert [row.partition(",")[0] for row in rows] == ["userId", "u-1", "u-3"]
    assert [row.split(",")[4] for row in rows[1:]] == ["3", "5"]


@pytest.mark.parametrize("written", ["0507391122", "00380507391122", "380 (50) 739-11-22"])
def test_a_number_is_recognised_as_it_was_written(written: str, tmp_path: Path) -> None:
    imported(tmp_path, f"userId,phone,email\nu-5,{written},five@example.com\nu-6,,six@example.com\n")
    contact = Contact.objects.get(user_id="u-5")
    assert contact.phone == "+380507391122"
    Contact.objects.filter(pk=contact.pk).update(user_id=None, email=None)  # these the erasure does not know
    assert erased(contact).files == {"import": 1}


def test_a_file_that_came_later_is_somebodys_new_decision(tmp_path: Path) -> None:
    contact = ContactFactory.create(user_id=MARK, email=f"{MARK}@example.com")
    erasure = erase([contact.pk], actor=ACTOR)
    assert erasure is not None
    transfer = imported(tmp_path, HEADER + THEIRS)
    aftermath.finish_due()
    assert files_with(MARK) == ["upload"]
    assert Contact.objects.filter(user_id=MARK).exists()
    assert transfer.result["new"] == 1


def test_it_waits_for_a_transfer_that_is_under_way(tmp_path: Path) -> None:
    transfer = inspected(tmp_path, HEADER + THEIRS + OTHERS)
    contact = ContactFactory.create(user_id=MARK)
    queued(transfer, "check", parameters=transfer.parameters | {"mapping": suggested(transfer)})
    erase([contact.pk], actor=ACTOR)
    assert aftermath.finish_due() == 1
    assert Erasure.objects.get().done_at is None
    transfers.run(transfer.pk)
    assert aftermath.finish_due() == 0
    assert Erasure.objects.get().done_at
    assert files_with(MARK) == []
    assert len(ledger()) == 1, "it is in the ledger once"


def test_an_import_from_before_does_not_bring_anybody_back(tmp_path: Path) -> None:
    transfer = inspected(tmp_path, HEADER + THEIRS + OTHERS)
    contact = ContactFactory.create(user_id=MARK)
    erase([contact.pk], actor=ACTOR)
    done(transfer, "check", parameters=transfer.parameters | {"mapping": suggested(transfer)})
    assert transfer.result["reasons"] == {"erased": 1}
    done(transfer, "run")
    assert (transfer.result["new"], transfer.result["refused"]) == (1, 1)
    assert not Contact.objects.filter(user_id=MARK).exists()
    assert "erased after the file" in (transfer.path / "refused.csv").read_text("utf-8-sig")


@pytest.mark.django_db(transaction=True)
def test_nor_one_that_is_merging_right_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transfer = inspected(tmp_path, HEADER + THEIRS + OTHERS)
    done(transfer, "check", parameters=transfer.parameters | {"mapping": suggested(transfer)})
    contact = ContactFactory.create(user_id=MARK)
    match, due = merging.Merger._match, [contact.pk]

    def come_first() -> None:
        erase([due.pop()], actor=ACTOR)
        connection.close()

    def erase_first(self: merging.Merger, **options: Any) -> None:
        if due:
            with ThreadPoolExecutor(1) as beside:
                beside.submit(come_first).result()
        match(self, **options)

    monkeypatch.setattr(merging.Merger, "_match", erase_first)
    done(transfer, "run")
    assert (transfer.state, transfer.result["refused"]) == (State.DONE, 1)
    assert not Contact.objects.filter(user_id=MARK).exists()


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
class TestExports:
    def made(self, transfer: Transfer) -> Transfer:
        transfers.run(transfer.pk)
        transfer.refresh_from_db()
        assert transfer.state == State.DONE, transfer.error
        assert finished(transfer).exists()
        return transfer

    def test_a_feed_goes_with_its_contact(self, format_: str) -> None:
        contact, other = with_everything(), with_everything()
        asked = [
            self.made(start_feed_export(each.pk, filters=Filters(), format_=format_, actor=ACTOR))
            for each in (contact, other)
        ]
        assert erased(contact).files == {"activity_export": 3}
        assert [finished(each).exists() for each in asked] == [False, True]
        asked[0].refresh_from_db()
        assert asked[0].expires_at is None

    @pytest.mark.parametrize(
        ("columns", "is_kept"),
        [(["email"], False), (["userId", "firstName"], False), (["firstName"], False), (["phoneNumber"], True)],
    )
    def test_a_list_goes_where_they_are_in_it_or_may_be(self, columns: list[str], is_kept: bool, format_: str) -> None:
        contact = ContactFactory.create(email="olga@example.com", user_id="=u-1", phone=None)
        ContactFactory.create(phone="+380507391122")
        form = FilterForm(QueryDict(), contact_list=contact.contact_list)
        transfer = self.made(start_contact_export(form, search="", columns=columns, format_=format_, actor=ACTOR))
        erased(contact)
        assert finished(transfer).exists() is is_kept

    def test_what_was_searched_for_goes_too(self, format_: str) -> None:
        contact = ContactFactory.create(first_name=MARK)
        form = FilterForm(QueryDict(), contact_list=contact.contact_list)
        start_contact_export(form, search=MARK, columns=["email"], format_=format_, actor=ACTOR)
        Transfer.objects.update(state=State.FAILED)
        erased(contact)
        assert tables_with(MARK) == []


class TestReplay:
    def replayed(self) -> str:
        out = StringIO()
        call_command("erasures", "replay", stdout=out)
        return out.getvalue()

    def test_whoever_a_backup_brings_back_is_erased_once_more(self) -> None:
        contact, other = ContactFactory.create(email="olga@example.com"), ContactFactory.create()
        values = {field.attname: getattr(contact, field.attname) for field in Contact._meta.concrete_fields}
        erased(contact)
        Contact.objects.create(**values)
        assert self.replayed().startswith("1 contacts were there again")
        assert not Contact.objects.filter(pk=contact.pk).exists()
        assert Contact.objects.filter(pk=other.pk).exists()
        assert self.replayed().startswith("0 ")

    def test_somebody_else_with_the_same_number_stays(self) -> None:
        contact = ContactFactory.create()
        erased(contact)
        ContactFactory.create(pk=contact.pk, added_at=timezone.now())
        assert self.replayed().startswith("0 ")

    def test_a_line_cut_off_by_a_crash_is_passed_over_and_any_other_told(self) -> None:
        erased(ContactFactory.create())
        path = installation.ERASURES_LEDGER
        path.write_text(path.read_text() + '{"contact": 7, "add')
        assert self.replayed().startswith("0 ")
        path.write_text("nonsense\n" + path.read_text())
        with pytest.raises(CommandError, match="Line 1 of"):
            self.replayed()

    def test_what_they_refused_after_the_backup_is_refused_again_and_no_later_decision_undone(self) -> None:
        contact = ContactFactory.create(email="olga@example.com", phone="+380507391122")
        unsubscribe(contact=contact, channel=Channel.EMAIL, actor=ACTOR, door=Door.PAGE)
        blacklists.add(kind=Blacklist.PHONE, address="+380507391122", reason=Reason.MANUAL, actor=ACTOR, door=Door.PAGE)
        erased(contact)
        kept = set(OptOut.objects.values_list("channel", "at")), set(BlacklistEntry.objects.values_list("kind", "at"))
        OptOut.objects.all().delete()
        BlacklistEntry.objects.all().delete()
        assert "0 opt-outs" in self.replayed(), "the database knows of the erasure, so it is not an older one"
        Erasure.objects.all().delete()
        assert "2 opt-outs" in self.replayed()
        assert kept == (
            set(OptOut.objects.values_list("channel", "at")),
            set(BlacklistEntry.objects.values_list("kind", "at")),
        )
        again = ContactFactory.create(email="olga@example.com", phone="+380507391122")
        assert not can_receive(Contact.objects.filter(pk=again.pk), Channel.EMAIL).exists()
        assert "0 opt-outs" in self.replayed()

    def test_without_a_ledger_it_says_so(self) -> None:
        with pytest.raises(CommandError, match="no ledger at"):
            self.replayed()


def test_the_ledger_has_no_personal_data(tmp_path: Path) -> None:
    contact = ContactFactory.create(email="olga@example.com", user_id="u-77")
    erased(contact)
    assert ledger() == [
        {
            "contact": contact.pk,
            "added_at": contact.added_at.isoformat(),
            "erased_at": Erasure.objects.get().at.isoformat(),
        }
    ]
