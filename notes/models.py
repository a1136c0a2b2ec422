import uuid
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from notes.links import Part, parts
from notes.querysets import NoteQuerySet
from notes.text import MOST_CHARACTERS, MOST_CODE_POINTS

MOST_NOTES = 5


class Note(models.Model):
    """What a colleague wrote about a contact. It is never changed, only deleted.

    The text is in the form of `notes.text.note_text`. A note holds one of the contact's slots, 1 to 5, so that the
    database itself keeps a sixth out.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, db_index=False, related_name="+")
    slot = models.PositiveSmallIntegerField()
    text = models.TextField(_("text"))
    characters = models.PositiveSmallIntegerField(_("characters"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Outlives the account.
    author_name = models.CharField(_("author"), max_length=301)
    created_at = models.DateTimeField(_("written"), default=now, editable=False)
    # Of the form it was written in: sent twice, that makes one note.
    key = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        permissions = [("delete_own_note", _("Can delete notes of one's own"))]
        constraints = [
            models.UniqueConstraint(fields=["contact", "slot"], name="note_slot_taken"),
            models.UniqueConstraint(fields=["contact", "key"], name="note_sent_twice"),
            models.CheckConstraint(condition=Q(slot__range=(1, MOST_NOTES)), name="note_slot"),
            models.CheckConstraint(condition=Q(characters__range=(1, MOST_CHARACTERS)), name="note_characters"),
            models.CheckConstraint(condition=LessThanOrEqual(Length("text"), MOST_CODE_POINTS), name="note_text"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def parts(self) -> Iterator[Part]:
        """The text cut into plain pieces and links."""
        return parts(self.text)

    def may_be_deleted_by(self, user: AbstractUser) -> bool:
        """Some may delete every note, others only what they wrote themselves."""
        is_own = self.author_id is not None and self.author_id == user.pk
        return user.has_perm("notes.delete_note") or (is_own and user.has_perm("notes.delete_own_note"))
