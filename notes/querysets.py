from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef

from activity.counting import RowCount

if TYPE_CHECKING:
    from contacts.models import Contact
    from notes.models import Note


class NoteQuerySet(models.QuerySet["Note"]):
    def on(self, contact: "Contact") -> "NoteQuerySet":
        """A contact's notes, the newest first."""
        return self.filter(contact=contact).order_by("-created_at", "-pk")

    def of_each(self) -> RowCount:
        """How many a contact has, as an expression on contacts."""
        return RowCount(self.filter(contact=OuterRef("pk")))
