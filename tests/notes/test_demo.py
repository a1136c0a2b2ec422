"""The notes of the demo account."""

import datetime

import pytest
from django.utils import timezone

from contacts.models import Contact
from contacts.seeding.adding import add_demo, add_people
from notes.models import Note
from notes.text import characters, note_text

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)


def test_colleagues_have_written_about_the_contact_with_everything() -> None:
    add_demo(now=NOW)
    olena = Contact.objects.get(first_name="Олена", last_name="Коваленко", email="olena.k@example.com")
    notes = list(Note.objects.on(olena))
    assert Note.objects.count() == len(notes) == 3
    for note in notes:
        assert note.text == note_text(note.text)
        assert note.characters == characters(note.text)
        assert olena.added_at < note.created_at < NOW
        assert (note.author, bool(note.author_name)) == (None, True)
    assert any(part.url for note in notes for part in note.parts())


def test_an_account_that_has_contacts_gets_none() -> None:
    add_people(count=5, seed=1, now=timezone.now(), report=lambda _added: None)
    assert not add_demo(now=NOW)
    assert not Note.objects.exists()
