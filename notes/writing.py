"""Adds and deletes notes. Neither the audit log nor any other holds their texts."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from activity.audit import Actor, record
from contacts.models import Contact
from notes.models import MOST_NOTES, Note
from notes.text import characters, note_text


class Full(Exception):
    """The contact has as many notes as it can have; the text says what to do."""

    def __init__(self) -> None:
        super().__init__(_("Five notes are there already. One of them has to be deleted before this one can be added."))


@transaction.atomic
def add_note(*, contact: Contact, text: str, actor: Actor, key: uuid.UUID | None = None) -> Note:
    """Writes a note, or returns the one that the same `key` with the same text has made already.

    Raises `contacts.identity.Invalid` for a text that no note can have, `Full` for a sixth note, and
    `Contact.DoesNotExist` when the contact has been deleted meanwhile.
    """
    text = note_text(text)
    # One after the other, or two would take the same slot. Its events may be written meanwhile.
    Contact.objects.select_for_update(no_key=True).only("pk").get(pk=contact.pk)
    there = list(Note.objects.on(contact))
    sent = next((note for note in there if note.key == key), None)
    if sent and sent.text == text:
        return sent
    if len(there) >= MOST_NOTES:
        raise Full
    note = Note.objects.create(
        contact=contact,
        slot=min(set(range(1, MOST_NOTES + 1)) - {note.slot for note in there}),
        text=text,
        characters=characters(text),
        author_id=actor.user.pk if actor.user else None,
        author_name=(actor.user.get_full_name() if actor.user else "") or actor.name,
        # A browser that fills a form in anew may bring the key of another note back.
        key=uuid.uuid4() if sent or not key else key,
    )
    record(actor=actor, verb="note.add", of=note, contact=contact.pk, characters=note.characters)
    return note


@transaction.atomic
def delete_note(*, note: Note, actor: Actor) -> bool:
    """Deletes a note for good. Returns whether it was still there."""
    deleted, _by_model = Note.objects.filter(pk=note.pk).delete()
    if deleted:
        record(actor=actor, verb="note.delete", of=note, contact=note.contact_id, author=note.author_id)
    return bool(deleted)
