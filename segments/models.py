"""Segments, who is in them since when, and what their evaluation needs to know."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from activity.constraints import UniqueInAnyCase
from contacts.component_fields import validate_line
from contacts.models import Contact
from segments.querysets import SegmentQuerySet

MAX_NAME = 150


class State(models.TextChoices):
    """How far the members of a segment can be relied on."""

    DUE = "due", _("Being counted")
    FRESH = "fresh", _("Up to date")
    LATE = "late", _("Takes too long")
    BROKEN = "broken", _("Cannot be evaluated")


class Segment(models.Model):
    """Contacts of the default list for whom a definition holds. Nobody is added or removed by hand.

    `definition` is the JSON of `segments.conditions`; `version` counts its changes. An archived one has no members.
    """

    name = models.CharField(_("name"), max_length=MAX_NAME, validators=[validate_line])
    definition = models.JSONField(_("definition"))
    digest = models.CharField(max_length=64, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    # Whether its members change as days go by.
    is_relative = models.BooleanField(default=False, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=now, editable=False)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE, editable=False)
    problem = models.TextField(blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("members"), default=0, editable=False)
    # When all of it is to be evaluated next; null where changes of contacts keep it up to date.
    due_at = models.DateTimeField(null=True, default=now, editable=False)
    evaluated_at = models.DateTimeField(_("last evaluated"), null=True, editable=False)
    milliseconds = models.PositiveIntegerField(null=True, editable=False)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        # One is archived, never deleted.
        default_permissions = ("add", "change", "view")
        ordering = [Lower("name")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="segment_state"),
            UniqueInAnyCase(
                Lower("name"),
                name="segment_name",
                violation_error_message=_("There is a segment of this name already."),
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="segment_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("segments:segment", args=[self.pk])

    @property
    def archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_being_counted(self) -> bool:
        """Whether it has been made or changed just now. One that cannot be counted says so, and is not waited for."""
        return self.state == State.DUE

    @property
    def has_been_counted(self) -> bool:
        return self.evaluated_at is not None


class Membership(models.Model):
    """That a contact is in a segment, and since when."""

    pk = models.CompositePrimaryKey("segment_id", "contact_id")
    segment = models.ForeignKey(Segment, models.CASCADE, db_index=False, related_name="memberships")
    contact = models.ForeignKey(Contact, models.CASCADE, db_index=False, related_name="memberships")
    since = models.DateTimeField(_("since"), default=now)

    class Meta:
        verbose_name = _("membership of a segment")
        verbose_name_plural = _("memberships of segments")
        default_permissions = ()
        indexes = [models.Index(fields=["contact", "segment"], name="membership_of_contact")]

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.segment_id}"


class Size(models.Model):
    """How many members a segment had at the end of a day, for its trend."""

    segment = models.ForeignKey(Segment, models.CASCADE, db_index=False, related_name="sizes")
    day = models.DateField()
    size = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("size of a segment")
        verbose_name_plural = _("sizes of segments")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["segment", "day"], name="segment_size_of_day")]

    def __str__(self) -> str:
        return f"{self.segment_id}: {self.size}"


class Behaviour(models.Model):
    """What a contact did of one kind, in sum: its last time and days, kept from the events (`segments.behaviour`).

    `deed` is the status of messages, 100 and the origin of all else; `name` that of a custom event, "" for all of them
    together. `days` are those of the last times, one each, the last one first; as many as conditions can ask for.
    """

    pk = models.CompositePrimaryKey("contact_id", "channel", "deed", "name")
    # No constraint of the database: it is written only while its contact is held, and goes with an erasure.
    contact = models.ForeignKey(Contact, models.CASCADE, db_index=False, db_constraint=False, related_name="behaviour")
    last_at = models.DateTimeField()
    channel = models.SmallIntegerField()
    deed = models.SmallIntegerField()
    name = models.TextField()
    days: "ArrayField[Any, Any]" = ArrayField(models.DateField())

    class Meta:
        verbose_name = _("behaviour")
        verbose_name_plural = _("behaviour")
        default_permissions = ()
        indexes = [
            models.Index(fields=["channel", "deed", "name", "last_at", "contact"], name="behaviour_by_last"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.channel}, {self.deed}"


def account_zone() -> str:
    return str(settings.TIME_ZONE)


class Position(models.Model):
    """Up to which event behaviour has been kept, and which day's evaluation of what is relative has been asked for.

    Events up to number `ceiling` are final as soon as no transaction before `horizon` is under way.
    """

    upto = models.BigIntegerField(default=0)
    ceiling = models.BigIntegerField(default=0)
    horizon = models.BigIntegerField(default=0)
    day = models.DateField(null=True)
    # Whose days those of behaviour are.
    zone = models.CharField(max_length=100, default=account_zone)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.upto)


class Change(models.Model):
    """That a contact has changed, and is to be looked at by all segments. Added by triggers, whatever the door."""

    # Neither a foreign key nor unique: whoever changes contacts waits for nobody.
    contact_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.contact_id)
