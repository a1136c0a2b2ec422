"""Whole imports: from the file to the contacts, step by step, as workers do them."""

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils.timezone import now
from psycopg2.errors import UniqueViolation
from pytest_django import DjangoCaptureOnCommitCallbacks

from activity import transfers
from activity.models import AuditEntry, Transfer
from activity.transfer_states import State
from contacts.imports import parsing
from contacts.imports.merging import Merger
from contacts.imports.refusals import RefusedRows
from contacts.imports.start import start
from contacts.models import Contact, Source, VariableDefinition
from tests.contacts.imports.importing import ACTOR, done, imported, inspected, people, queued, suggested

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "FIRST_ROWS", 4)
    monkeypatch.setattr(parsing, "MOST_ROWS", 8)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.TRANSFERS_ROOT = tmp_path / "transfers"


def test_a_file_becomes_contacts(tmp_path: Path) -> None:
    transfer = imported(tmp_path, people(30))
    assert (transfer.state, transfer.done, transfer.total) == (State.DONE, 30, 30)
    assert transfer.result["new"] == 30
    assert Contact.objects.count() == 30
    contact = Contact.objects.get(user_id="u7")
    assert (contact.email, contact.first_name, contact.added_via) == ("p7@example.com", "Name 7", "import")


def test_the_check_counts_what_the_import_then_does_and_changes_nothing(tmp_path: Path) -> None:
    imported(tmp_path, people(10))
    content = people(12) + "u3,,Other\nbad,not an email,\nu4,p5@example.com,\n"
    transfer = inspected(tmp_path, content)
    done(transfer, "check", parameters=transfer.parameters | {"mapping": suggested(transfer)})
    rehearsed = transfer.result
    assert Contact.objects.count() == 10
    assert rehearsed == {"new": 2, "updated": 1, "unchanged": 10, "repeated": 0, "refused": 2, "rows": 15} | {
        "reasons": {"email": 1, "two_contacts": 1}
    }
    assert done(transfer, "run").result == rehearsed


def test_the_same_file_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    imported(tmp_path, people(20))
    before = list(Contact.objects.order_by("pk").values())
    assert imported(tmp_path, people(20)).result["unchanged"] == 20
    assert list(Contact.objects.order_by("pk").values()) == before


def test_unknown_columns_become_typed_variables(tmp_path: Path) -> None:
    imported(tmp_path, "userId,City,orders,vip\nu1,Kyiv,00123,yes\n", City="string", orders="number", vip="boolean")
    assert dict(VariableDefinition.objects.values_list("name", "type")) == {
        "City": "string",
        "orders": "number",
        "vip": "boolean",
    }
    assert Contact.objects.get().variables == {"City": "Kyiv", "orders": 123, "vip": True}


def test_refused_rows_can_be_mended_and_imported_again(tmp_path: Path) -> None:
    transfer = imported(tmp_path, "email,First name\na@example.com,Ann\nnonsense,Bob\nb@example.com\n")
    file = RefusedRows(transfer.path).file
    assert file.read_text("utf-8-sig").splitlines()[0] == "email,First name,Row of the file,Why refused"
    mended = file.read_text("utf-8-sig").replace("nonsense", "bob@example.com")
    rows = [line for line in mended.splitlines() if "cells instead" not in line]
    again = imported(tmp_path, "\n".join(rows))
    assert again.result["new"] == 1
    assert Contact.objects.get(email="bob@example.com").first_name == "Bob"


def test_dates_of_update_and_other_facts_cannot_break_a_row(tmp_path: Path) -> None:
    transfer = imported(tmp_path, "email,Last Changed,created_at\na@example.com,never,32/13/2020\n")
    assert transfer.result["new"] == 1


@pytest.mark.parametrize("content", ["", "\n\n", "email\n", b"%PDF-1.7 ...", b"\x00\x01\x02\x03" * 100])
def test_a_bad_file_is_refused_whole_with_a_reason(tmp_path: Path, content: str | bytes) -> None:
    transfer = inspected(tmp_path, content)
    assert transfer.state == State.FAILED
    assert transfer.error.endswith((".", "?"))


def test_ten_thousand_columns_are_refused(tmp_path: Path) -> None:
    transfer = inspected(tmp_path, ",".join(f"c{n}" for n in range(10_000)) + "\n" + "," * 9_999 + "\n")
    assert transfer.state == State.FAILED
    assert "10000 columns" in transfer.error


def test_killed_between_chunks_it_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transfer = inspected(tmp_path, people(30) + "x,nonsense,\n")
    done(transfer, "check", parameters=transfer.parameters | {"mapping": suggested(transfer)})
    queued(transfer, "run")
    merge, merged = Merger.merge, list[int]()

    def dying(self: Merger, chunk: parsing.Chunk) -> Any:
        if len(merged) == 2:
            raise KeyboardInterrupt
        merged.append(chunk.number)
        return merge(self, chunk)

    monkeypatch.setattr(Merger, "merge", dying)
    with pytest.raises(KeyboardInterrupt):
        transfers.run(transfer.pk)
    assert Contact.objects.count() == 4 + 8
    monkeypatch.setattr(Merger, "merge", merge)
    Transfer.objects.update(due_at=transfer.created_at)
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.result["new"], transfer.result["refused"]) == (State.DONE, 30, 1)
    assert Contact.objects.count() == 30


def test_a_chunk_is_merged_anew_when_another_writer_was_quicker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = inspected(tmp_path, people(3) + "x,nonsense,\n")
    done(transfer, "check", parameters=transfer.parameters | {"mapping": suggested(transfer)})
    merge, calls = Merger.merge, list[int]()

    def clashing(self: Merger, chunk: parsing.Chunk) -> Any:
        outcome = merge(self, chunk)
        calls.append(chunk.number)
        if len(calls) == 1:
            raise IntegrityError from UniqueViolation()
        return outcome

    monkeypatch.setattr(Merger, "merge", clashing)
    assert done(transfer, "run").result["new"] == 3
    assert transfer.result["refused"] == 1
    assert len(calls) == 2


def test_a_cancelled_import_keeps_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transfer = inspected(tmp_path, people(30))
    done(transfer, "check", parameters=transfer.parameters | {"mapping": suggested(transfer)})
    queued(transfer, "run")
    merge = Merger.merge

    def asked_to_stop(self: Merger, chunk: parsing.Chunk) -> Any:
        if chunk.number == 1:
            transfers.cancel(transfer, actor=ACTOR)
        return merge(self, chunk)

    monkeypatch.setattr(Merger, "merge", asked_to_stop)
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.done) == (State.CANCELLED, 4)
    assert Contact.objects.count() == 4
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relpersistence = 't' AND relname LIKE 'import%'")
        assert not cursor.fetchall(), "the worker's session keeps people's rows"


def test_who_imported_is_in_the_audit_log_without_a_personal_value(tmp_path: Path) -> None:
    imported(tmp_path, people(1))
    assert list(AuditEntry.objects.order_by("pk").values_list("actor_name", "verb")) == [
        ("test", "import.inspect"),
        ("test", "import.check"),
        ("test", "import.run"),
    ]
    assert not AuditEntry.objects.exclude(details={}).exists()


def test_sources_are_known_by_id_and_by_name(tmp_path: Path) -> None:
    fair = Source.objects.create(code="fair26", name="Spring fair")
    imported(tmp_path, "email,source\na@example.com,spring FAIR\nb@example.com,FAIR26\nc@example.com,Moon\n")
    assert set(Contact.objects.values_list("email", "source_id")) == {
        ("a@example.com", fair.pk),
        ("b@example.com", fair.pk),
    }


def test_workers_are_woken_when_a_step_is_queued(
    tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        file = tmp_path / "people.csv"
        file.write_text(people(1))
        start(file=file, name="people.csv", actor=ACTOR)
    assert len(callbacks) == 1


class TestVariablesMeanwhile:
    """What becomes of an import whose variables are no longer what they were when its columns were chosen."""

    CONTENT = "userId,size\nu1,42\n"

    def checked(self, tmp_path: Path, **new: str) -> Transfer:
        transfer = inspected(tmp_path, self.CONTENT)
        return done(transfer, "check", parameters=transfer.parameters | {"mapping": suggested(transfer, **new)})

    def test_a_new_one_is_in_the_audit_log(self, tmp_path: Path) -> None:
        done(self.checked(tmp_path, size="number"), "run")
        entry = AuditEntry.objects.get(verb="variabledefinition.add")
        assert entry.details == {"name": "size", "fields": ["label", "name", "type"]}
        assert entry.object_id == VariableDefinition.objects.get().pk

    def test_an_archived_one_is_not_written(self, tmp_path: Path) -> None:
        VariableDefinition.objects.create(name="size", type="string")
        transfer = self.checked(tmp_path)
        VariableDefinition.objects.update(archived_at=now())
        assert "is archived" in done(transfer, "run").error
        assert not Contact.objects.exists()

    def test_nor_one_that_has_been_archived_under_the_name_of_a_new_one(self, tmp_path: Path) -> None:
        transfer = self.checked(tmp_path, size="number")
        VariableDefinition.objects.create(name="SIZE", type="number", archived_at=now())
        assert "is archived" in done(transfer, "run").error
        assert VariableDefinition.objects.count() == 1

    def test_one_that_gets_another_type_between_two_chunks_stops_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        VariableDefinition.objects.create(name="size", type="string")
        transfer = inspected(tmp_path, "userId,size\n" + "".join(f"u{n},{n}\n" for n in range(10)))
        done(transfer, "check", parameters=transfer.parameters | {"mapping": suggested(transfer)})
        merge = Merger.merge

        def changed_behind_it(self: Merger, chunk: parsing.Chunk) -> Any:
            outcome = merge(self, chunk)
            VariableDefinition.objects.update(type="number")
            return outcome

        monkeypatch.setattr(Merger, "merge", changed_behind_it)
        transfer = done(transfer, "run")
        assert "has got another type meanwhile" in transfer.error
        assert (transfer.state, Contact.objects.count()) == (State.FAILED, 4)


def test_a_file_sets_the_base_of_scores_and_never_the_score(tmp_path: Path) -> None:
    imported(tmp_path, "userId,Base of the score,Contact score\nu1,40,99\nu2,,99\nu3,-5,99\n")
    transfer = imported(tmp_path, "userId,scoreBase\nu1,50\nu2,1.5\nu3,\n")

    assert dict(Contact.objects.values_list("user_id", "score_base")) == {"u1": 50, "u2": 0, "u3": -5}
    # Who is new begins at the base; whose base has changed follows by the rules.
    assert dict(Contact.objects.values_list("user_id", "score")) == {"u1": 40, "u2": 0, "u3": -5}
    assert transfer.result["reasons"] == {"score": 1}
