from typing import TYPE_CHECKING

from django.db import models

from activity.counting import RowCount

if TYPE_CHECKING:
    from contacts.models import Contact
    from notes.models import Note


class NoteQuerySet(models.QuerySet["Note"]):
    def on(self, contact: "Contact") -> "NoteQuerySet":
        """A contact's notes, the newest first."""
        return self.filter(contact=contact).order_by("-created_at", "-pk")

    def count_on(self, contact: "Contact") -> RowCount:
        return RowCount(self.filter(contact=contact))
