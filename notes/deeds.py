"""What is done with notes, in the words of the Activity Log. A note is named by its contact."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from activity.deeds import Deed, Entries, Subject
from contacts.deeds import subjects_by_contact

DEEDS = {"note.add": Deed(_("Wrote a note")), "note.delete": Deed(_("Deleted a note"))}


def note_subjects(entries: Entries, viewer: AbstractUser) -> dict[int, Subject]:
    return subjects_by_contact({entry.pk: int(entry.details.get("contact", 0)) for entry in entries}, viewer)
