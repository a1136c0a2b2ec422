import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from activity import labels
from activity.catalogue import GROUPS, MOST_FREQUENT, Channel, Kind, Origin, Status
from activity.constraints import UniqueInAnyCase
from activity.handlers import handler_of
from activity.querysets import EventQuerySet, TransferQuerySet
from activity.transfer_states import ENDED, State

KEEP_FILES = timedelta(days=30)


def _expiry() -> Any:
    return timezone.now() + KEEP_FILES


class Transfer(models.Model):
    """An import or an export: work of minutes to hours on files, done in steps by workers.

    What a kind of transfer does in which step is its handler's (`activity.handlers.register`). `checkpoint` is written
    in the same transaction as the work it describes, so a step that was killed goes on where it was.
    """

    kind = models.CharField(_("kind"), max_length=40)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source_name = models.CharField(_("file"), max_length=255, blank=True)

    step = models.CharField(_("step"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    parameters = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    checkpoint = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    error = models.TextField(_("error"), blank=True)
    total = models.BigIntegerField(_("rows"), null=True)
    done = models.BigIntegerField(_("rows done"), default=0)

    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)

    created_at = models.DateTimeField(_("created"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    # When its files go; null once they have gone.
    expires_at = models.DateTimeField(_("expires"), null=True, default=_expiry)

    # What an export's file is called by whoever downloads it; no personal value. Imports have none.
    result_name = models.CharField(_("file"), max_length=100, blank=True)
    # The one contact whom all of the file is about: it must not outlive an erasure of theirs.
    contact_id = models.BigIntegerField(null=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="transfer_of_owner"),
            models.Index(fields=["due_at"], name="transfer_due", condition=Q(state__in=[State.QUEUED, State.RUNNING])),
            models.Index(fields=["expires_at"], name="transfer_expiry"),
            models.Index(fields=["contact_id"], name="transfer_of_contact", condition=Q(contact_id__isnull=False)),
        ]
        permissions = [("export", "Can export contacts and their activity")]
        constraints = [models.CheckConstraint(condition=Q(state__in=State.values), name="transfer_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def path(self) -> Path:
        """The transfer's own folder, made when first asked for."""
        folder = settings.TRANSFERS_ROOT / str(self.folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Path(folder)

    @property
    def url(self) -> str:
        """The address of the transfer's own page."""
        return reverse(handler_of(self.kind).url_name, args=[self.pk])

    @property
    def kind_label(self) -> str:
        return str(handler_of(self.kind).label)

    @property
    def name(self) -> str:
        """What people know it by: the name of its file."""
        return self.source_name or self.result_name or self.kind_label

    @property
    def described(self) -> list[tuple[str, str]]:
        return handler_of(self.kind).described(self)

    @property
    def files(self) -> list[tuple[str, str]]:
        """What can be fetched now, as pairs of label and address."""
        return [] if self.has_expired else handler_of(self.kind).files(self)

    @property
    def is_export(self) -> bool:
        return bool(self.result_name)

    @property
    def has_expired(self) -> bool:
        return self.expires_at is None or self.expires_at < timezone.now()

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    @property
    def is_busy(self) -> bool:
        return self.state in {State.QUEUED, State.RUNNING}

    @property
    def can_be_retried(self) -> bool:
        return self.state == State.FAILED and self.expires_at is not None

    @property
    def percent(self) -> int | None:
        """0–100, or None while the number of rows is not known."""
        if not self.total:
            return None
        return min(100, self.done * 100 // self.total)


class AuditEntry(models.Model):
    """What a member of the staff or an API key did. Append-only; never a personal value of a contact."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(_("who"), max_length=150)
    verb = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"], name="audit_of_object"),
            # The log's pages, of everybody and everything, of one person, of one action.
            models.Index(fields=["-at", "-id"], name="audit_by_time"),
            models.Index(fields=["actor", "-at", "-id"], name="audit_of_actor"),
            models.Index(fields=["verb", "-at", "-id"], name="audit_of_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.verb}"

    @property
    def actor_words(self) -> str:
        """Whom a page names: the full name, where the user is still there and has one."""
        return (self.actor.get_full_name() if self.actor else "") or self.actor_name


class Component(models.Model):
    """What the account registers before contacts, messages or events can refer to it.

    Whoever changes one does so by `activity.components`.
    """

    # What others refer to it by: once it is registered this stays.
    FIXED: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def uses(self) -> str:
        """What cannot be without it, as a sentence for whoever wants to delete it; "" where nothing needs it."""
        return ""


class ArchivableComponent(Component):
    """One that can be put aside: what refers to it stays as it is, and nothing new is offered it."""

    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def archived(self) -> bool:
        return self.archived_at is not None


class CustomEventType(ArchivableComponent):
    """Something that contacts do on the customer's own platform, which tells of it through the API (F52)."""

    FIXED = ("name",)

    name = models.CharField(
        _("name"),
        max_length=40,
        validators=[RegexValidator(r"^[A-Za-z][A-Za-z0-9_]*\Z", _("Latin letters, digits and _, a letter first."))],
        help_text=_("Up to 40 Latin letters, digits and _: what the API fires it by. It cannot be changed later."),
    )
    is_conversion = models.BooleanField(
        _("conversion"),
        default=False,
        help_text=_("A conversion is what your messages are meant to lead to, such as a purchase."),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("custom event type")
        verbose_name_plural = _("custom event types")
        ordering = ["name"]
        constraints = [
            UniqueInAnyCase(
                Lower("name"),
                name="event_type_name",
                violation_error_message=_("There is an event type of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


def _catalogue() -> Q:
    """True of the kinds that the catalogue has."""
    known = Q()
    for group in GROUPS:
        known |= Q(channel=group.channel.value, origin__in=_codes(group.origins), status__in=_codes(group.statuses))
    return known


def _codes(codes: Iterable[Channel | Origin | Status]) -> list[int]:
    return [code.value for code in codes]


class Event(models.Model):
    """Something that a contact did or that happened to it. Append-only, and gone only with the contact.

    The table is partitioned by month (`activity.months`). It has no unique index: ids are unique by their sequence
    alone, and an event is found by its contact. Written by `activity.events`, never by `save()` on an existing row.
    """

    contact = models.ForeignKey(
        "contacts.Contact",
        # The database deletes events with their contact, where an erasure allows it.
        models.DO_NOTHING,
        db_index=False,
        related_name="events",
    )
    occurred_at = models.DateTimeField(_("when"))
    message_id = models.BigIntegerField(_("message"), null=True)
    channel = models.SmallIntegerField(_("channel"), choices=[(c.value, label) for c, label in labels.CHANNELS.items()])
    origin = models.SmallIntegerField(_("origin"), choices=[(o.value, label) for o, label in labels.ORIGINS.items()])
    status = models.SmallIntegerField(_("status"), choices=[(s.value, label) for s, label in labels.STATUSES.items()])
    # What launched the message (campaign, workflow, step, trigger, segment, tags), its title, the provider's words.
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.CheckConstraint(condition=_catalogue(), name="event_in_catalogue")]
        indexes = [
            # All that is filtered by is in the key: PostgreSQL tests it in the index, before it fetches a row.
            models.Index(
                fields=["contact", "-occurred_at", "-id", "channel", "origin", "status"], name="event_of_contact"
            ),
            # What a search among all events of a contact would have to look for longest.
            models.Index(
                fields=["contact", "-occurred_at", "-id", "channel", "origin", "status"],
                name="event_infrequent",
                condition=Q(status__gt=MOST_FREQUENT.value),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, labels.words_of(self.kind)))

    @cached_property
    def kind(self) -> Kind:
        return Kind(Channel(self.channel), Origin(self.origin), Status(self.status))
