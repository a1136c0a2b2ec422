"""What the database itself keeps true of notes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.models import User
from config.roles import ADMIN, MARKETER, SUPPORT
from contacts.models import Contact
from notes.models import MOST_NOTES, Note
from notes.text import MOST_CHARACTERS, MOST_CODE_POINTS
from tests.factories import ContactFactory, NoteFactory, UserFactory

pytestmark = pytest.mark.django_db


def refused(make: Callable[[], Any]) -> str:
    """The name of the constraint that refuses it."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    return str(getattr(caught.value.__cause__, "diag").constraint_name)  # noqa: B009 - psycopg2's own


class TestSlots:
    def test_there_are_five_a_contact(self) -> None:
        contact = ContactFactory.create()
        NoteFactory.create_batch(MOST_NOTES, contact=contact)
        assert Note.objects.on(contact).count() == 5
        assert refused(lambda: NoteFactory.create(contact=contact)) == "note_slot"
        assert NoteFactory.create().slot == 1, "another contact has five of its own"

    @pytest.mark.parametrize("slot", [0, 6, 32_767])
    def test_there_is_none_beside(self, slot: int) -> None:
        assert refused(lambda: NoteFactory.create(slot=slot)) == "note_slot"

    def test_each_holds_one_note(self) -> None:
        note = NoteFactory.create()
        assert refused(lambda: NoteFactory.create(contact=note.contact, slot=note.slot)) == "note_slot_taken"


class TestText:
    @pytest.mark.parametrize("characters", [1, MOST_CHARACTERS])
    def test_has_up_to_500_characters(self, characters: int) -> None:
        assert NoteFactory.create(characters=characters).pk

    @pytest.mark.parametrize("characters", [0, MOST_CHARACTERS + 1])
    def test_has_not_more_and_not_none(self, characters: int) -> None:
        assert refused(lambda: NoteFactory.create(characters=characters)) == "note_characters"

    def test_of_any_count_has_its_code_points_bounded(self) -> None:
        assert NoteFactory.create(characters=1, text="x" * MOST_CODE_POINTS).pk
        assert refused(lambda: NoteFactory.create(characters=1, text="x" * (MOST_CODE_POINTS + 1))) == "note_text"
        assert refused(lambda: NoteFactory.create(characters=1, text=" " * (MOST_CODE_POINTS + 1))) == "note_text"


def test_one_form_makes_one_note_of_a_contact() -> None:
    note = NoteFactory.create()
    assert refused(lambda: NoteFactory.create(contact=note.contact, key=note.key)) == "note_sent_twice"
    assert NoteFactory.create(key=note.key).pk, "of another contact"


def test_a_note_goes_with_its_contact() -> None:
    other, note = NoteFactory.create(), NoteFactory.create()
    Contact.objects.filter(pk=note.contact_id).delete()
    assert list(Note.objects.all()) == [other]


def test_a_note_outlives_its_authors_account_with_the_name() -> None:
    author = UserFactory.create()
    note = NoteFactory.create(author=author, author_name="Olga Petrenko")
    author.delete()
    note.refresh_from_db()
    assert (note.author, note.author_name) == (None, "Olga Petrenko")


def test_notes_are_listed_the_newest_first() -> None:
    contact = ContactFactory.create()
    notes = NoteFactory.create_batch(3, contact=contact)
    NoteFactory.create()
    assert list(Note.objects.on(contact)) == notes[::-1]


def test_the_name_of_a_note_tells_nothing_of_its_text() -> None:
    note = NoteFactory.create(text="Private")
    assert str(note) == str(note.pk)


class TestWhoMayDelete:
    MAY = {(MARKETER, "own"), (MARKETER, "another's"), (SUPPORT, "own"), (ADMIN, "own"), (ADMIN, "another's")}

    @pytest.mark.parametrize("whose", ["own", "another's"])
    @pytest.mark.parametrize("role", [MARKETER, SUPPORT, ADMIN, ""])
    def test_follows_from_role_and_author(self, role: str, whose: str) -> None:
        user: User = UserFactory.create(role=role)
        note = NoteFactory.create(author=user if whose == "own" else UserFactory.create(role=role))
        assert note.may_be_deleted_by(user) == ((role, whose) in self.MAY)

    def test_a_note_without_an_author_is_nobodys_own(self, support: User, marketer: User) -> None:
        note = NoteFactory.create(author=None)
        assert not note.may_be_deleted_by(support)
        assert note.may_be_deleted_by(marketer)
