"""Adding and deleting notes: five at most whatever happens at once, each with its entry in the audit log."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import TypeVar

import pytest
from django.db import connection, transaction

from activity.audit import Actor
from activity.models import AuditEntry
from config.models import User
from contacts.identity import Invalid
from contacts.models import Contact
from notes.models import MOST_NOTES, Note
from notes.writing import Full, add_note, delete_note
from tests.factories import ContactFactory, NoteFactory, UserFactory

T = TypeVar("T")
# Some way below the number of connections that PostgreSQL allows.
AT_ONCE = 25
ADDS = 100


def all_at_once(*jobs: Callable[[], T]) -> list[T | Exception]:
    """Results or errors of jobs that run in real transactions, as many at a time as there may be."""
    crowd = min(AT_ONCE, len(jobs))
    start = Barrier(crowd)

    def work(number: int) -> list[T | Exception]:
        start.wait()
        done: list[T | Exception] = []
        for job in jobs[number::crowd]:
            try:
                done.append(job())
            except Exception as error:  # noqa: BLE001 - told to the test
                done.append(error)
        connection.close()
        return done

    with ThreadPoolExecutor(crowd) as threads:
        return [result for results in threads.map(work, range(crowd)) for result in results]


@pytest.mark.django_db
class TestAdding:
    def test_keeps_text_author_and_time(self) -> None:
        author = UserFactory.create(first_name="Olga", last_name="Petrenko")
        note = add_note(contact=ContactFactory.create(), text="Так\r\n👨‍👩‍👧‍👦", actor=Actor(author, author.username))
        note.refresh_from_db()
        assert (note.text, note.characters, note.slot) == ("Так\n👨‍👩‍👧‍👦", 5, 1)
        assert (note.author, note.author_name) == (author, "Olga Petrenko")

    def test_names_who_has_no_name_by_the_user_name_and_the_system_by_its_own(self, marketer: User) -> None:
        contact = ContactFactory.create()
        assert add_note(contact=contact, text="a", actor=Actor(marketer, "colleague")).author_name == "colleague"
        assert add_note(contact=contact, text="b", actor=Actor(name="Shop key")).author_name == "Shop key"

    def test_is_entered_in_the_audit_log_without_the_text(self, marketer: User) -> None:
        note = add_note(contact=ContactFactory.create(), text="Secret", actor=Actor(marketer, "Marta", "192.0.2.7"))
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.object_type, entry.object_id) == ("note.add", "notes.note", note.pk)
        assert (entry.actor, entry.actor_name, entry.ip) == (marketer, "Marta", "192.0.2.7")
        assert entry.details == {"contact": note.contact_id, "characters": 6}

    def test_of_a_sixth_is_refused_in_words(self) -> None:
        contact = ContactFactory.create()
        for number in range(MOST_NOTES):
            add_note(contact=contact, text=f"{number}", actor=Actor())
        with pytest.raises(Full) as caught:
            add_note(contact=contact, text="6", actor=Actor())
        assert "has to be deleted before this one can be added." in str(caught.value)
        assert Note.objects.on(contact).count() == AuditEntry.objects.count() == 5

    @pytest.mark.parametrize("slot", range(1, MOST_NOTES + 1))
    def test_takes_the_slot_that_a_deleted_note_has_left(self, slot: int) -> None:
        contact = ContactFactory.create()
        NoteFactory.create_batch(MOST_NOTES, contact=contact)
        delete_note(note=Note.objects.get(contact=contact, slot=slot), actor=Actor())
        assert add_note(contact=contact, text="again", actor=Actor()).slot == slot

    @pytest.mark.parametrize("text", ["", "\0", "x" * 501, "\ud800"])
    def test_of_what_no_note_can_hold_leaves_nothing_behind(self, text: str) -> None:
        with pytest.raises(Invalid):
            add_note(contact=ContactFactory.create(), text=text, actor=Actor())
        assert not Note.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_to_a_contact_that_has_been_deleted_is_told(self) -> None:
        contact = ContactFactory.create()
        Contact.objects.filter(pk=contact.pk).delete()
        with pytest.raises(Contact.DoesNotExist):
            add_note(contact=contact, text="a", actor=Actor())


@pytest.mark.django_db
class TestSendingTwice:
    def test_makes_one_note(self) -> None:
        contact, key = ContactFactory.create(), uuid.uuid4()
        first, second = (add_note(contact=contact, text="once", actor=Actor(), key=key) for _time in range(2))
        assert first == second
        assert Note.objects.count() == AuditEntry.objects.count() == 1

    def test_is_no_sixth_note(self) -> None:
        contact, key = ContactFactory.create(), uuid.uuid4()
        NoteFactory.create_batch(MOST_NOTES - 1, contact=contact)
        first, second = (add_note(contact=contact, text="once", actor=Actor(), key=key) for _time in range(2))
        assert first == second

    def test_another_text_by_the_same_form_loses_nothing(self) -> None:
        contact, key = ContactFactory.create(), uuid.uuid4()
        for text in ("one", "two"):
            add_note(contact=contact, text=text, actor=Actor(), key=key)
        assert {note.text for note in Note.objects.on(contact)} == {"one", "two"}


@pytest.mark.django_db
class TestDeleting:
    def test_is_final_and_entered_in_the_audit_log_without_the_text(self, marketer: User) -> None:
        note = NoteFactory.create(text="Secret", author=marketer)
        assert delete_note(note=note, actor=Actor(marketer, "Marta"))
        assert not Note.objects.exists()
        entry = AuditEntry.objects.get()
        assert (entry.verb, entry.object_type, entry.object_id) == ("note.delete", "notes.note", note.pk)
        assert entry.details == {"contact": note.contact_id, "author": marketer.pk}

    def test_twice_does_it_once(self) -> None:
        note = NoteFactory.create()
        assert [delete_note(note=note, actor=Actor()) for _time in range(2)] == [True, False]
        assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_hundred_adds_leave_exactly_five(self) -> None:
        contact = ContactFactory.create()

        def adding(number: int) -> Callable[[], Note]:
            return lambda: add_note(contact=contact, text=f"{number}", actor=Actor())

        results = all_at_once(*map(adding, range(ADDS)))

        added = [result for result in results if isinstance(result, Note)]
        assert len(added) == Note.objects.on(contact).count() == AuditEntry.objects.count() == MOST_NOTES
        assert {note.slot for note in added} == {1, 2, 3, 4, 5}
        assert [type(result) for result in results if result not in added] == [Full] * (ADDS - MOST_NOTES)

    def test_adds_and_deletions_never_leave_more(self) -> None:
        contact = ContactFactory.create()
        there = NoteFactory.create_batch(MOST_NOTES, contact=contact)
        deletions = [lambda note=note: delete_note(note=note, actor=Actor()) for note in there]
        adds = [lambda: add_note(contact=contact, text="new", actor=Actor())] * 20

        results = all_at_once(*adds, *deletions, *adds)

        added = [result for result in results if isinstance(result, Note)]
        assert {type(result) for result in results} <= {Note, Full, bool}
        assert Note.objects.on(contact).count() == len(added) <= MOST_NOTES

    def test_one_form_sent_many_times_makes_one_note(self) -> None:
        contact, key = ContactFactory.create(), uuid.uuid4()
        results = all_at_once(*[lambda: add_note(contact=contact, text="once", actor=Actor(), key=key)] * AT_ONCE)
        assert results == [Note.objects.get()] * AT_ONCE
        assert AuditEntry.objects.count() == 1

    def test_of_many_deletions_one_is_entered(self) -> None:
        note = NoteFactory.create()
        results = all_at_once(*[lambda: delete_note(note=note, actor=Actor())] * AT_ONCE)
        assert sorted(map(bool, results)) == [False] * (AT_ONCE - 1) + [True]
        assert AuditEntry.objects.count() == 1

    def test_an_event_of_the_contact_does_not_wait_for_a_note(self) -> None:
        """What only refers to the contact needs no more than its key to stay."""
        contact, added, end = ContactFactory.create(), Event(), Event()

        def write() -> None:
            with transaction.atomic():
                add_note(contact=contact, text="a", actor=Actor())
                added.set()
                end.wait(30)
            connection.close()

        with ThreadPoolExecutor(1) as thread:
            writing = thread.submit(write)
            assert added.wait(30)
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT 1 FROM contacts_contact WHERE id = %s FOR KEY SHARE NOWAIT", [contact.pk])
            finally:
                end.set()
            writing.result()
