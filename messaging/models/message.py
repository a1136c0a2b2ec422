import datetime
from textwrap import shorten
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from activity import labels
from activity.catalogue import MESSAGE_CHANNELS, MESSAGE_ORIGINS, Channel, Origin
from contacts.models import Contact
from messaging.content.content import Content
from messaging.content.push import PUSH_CHANNELS
from messaging.models.content import RenderedContent, WrittenContent
from messaging.querysets import MessageQuerySet
from messaging.states import State

# Of a message that has no subject.
LONGEST_TITLE = 60


class Lane(models.IntegerChoices):
    """What waits is taken by lane: a message to one person does not stand behind a campaign."""

    URGENT = 0
    BULK = 1


class Message(models.Model):
    """A message to one contact, and its own outbox: workers find here what is to be sent (`messaging.delivery`)."""

    contact = models.ForeignKey(Contact, models.CASCADE, db_index=False, related_name="messages")
    channel = models.PositiveSmallIntegerField(
        _("channel"), choices=[(each.value, labels.CHANNELS[each]) for each in MESSAGE_CHANNELS]
    )
    origin = models.PositiveSmallIntegerField(
        _("origin"), choices=[(each.value, labels.ORIGINS[each]) for each in MESSAGE_ORIGINS]
    )
    launch = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # The segments in which the contact was when it was launched. Segments are archived, never deleted.
    segment_ids = ArrayField(models.BigIntegerField(), default=list)
    written = models.ForeignKey(WrittenContent, models.PROTECT, null=True, related_name="messages")
    # `Content.values`, which are this contact's where all else is everybody's.
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # Both go with the contact: a constraint would only have every erasure look through all messages.
    rendered = models.ForeignKey(
        RenderedContent, models.DO_NOTHING, null=True, db_index=False, db_constraint=False, related_name="+"
    )

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    # Why it is in that state, in words for people; of a provider in its own.
    words = models.TextField(_("reason"), blank=True)
    lane = models.PositiveSmallIntegerField(choices=Lane, default=Lane.BULK)
    # What whoever launched it calls it: the same key is the same message.
    key = models.CharField(max_length=200, blank=True)
    resend_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="resends")
    by = models.CharField(_("by"), max_length=150, blank=True)

    next_attempt_at = models.DateTimeField(default=now)
    not_after = models.DateTimeField(_("not after"), null=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    # When, under the present fence, the provider began to be called; null: it has not.
    called_at = models.DateTimeField(null=True)
    # From when the provider may be asked what it knows of it; null: nobody wants that (`messaging.checking`).
    check_at = models.DateTimeField(null=True)

    provider = models.CharField(_("provider"), max_length=20, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    # Where it went, as the contact's address was then.
    address = models.TextField(_("address"), blank=True)
    created_at = models.DateTimeField(_("created"), default=now)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        permissions = [("resend_message", _("Can resend messages"))]
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="message_once"),
        ]
        indexes = [
            # In the order in which they are claimed: one range of it, however many wait.
            models.Index(
                fields=["channel", "lane", "next_attempt_at", "id"], name="message_due", condition=Q(state="queued")
            ),
            models.Index(fields=["lease_until"], name="message_leased", condition=Q(state="sending")),
            models.Index(fields=["contact", "-id"], name="message_of_contact"),
            models.Index(fields=["provider", "provider_id"], name="message_of_provider", condition=~Q(provider_id="")),
            models.Index(fields=["-id"], name="message_uncertain", condition=Q(state="uncertain")),
            models.Index(fields=["-id"], name="message_of_sandbox", condition=Q(provider="sandbox")),
            models.Index(fields=["check_at"], name="message_to_check", condition=Q(check_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("message", args=[self.pk])

    @property
    def kind(self) -> tuple[Channel, Origin]:
        return Channel(self.channel), Origin(self.origin)

    @property
    def is_push(self) -> bool:
        return self.channel in PUSH_CHANNELS

    def is_late(self, at: datetime.datetime) -> bool:
        return self.not_after is not None and self.not_after <= at

    @property
    def content(self) -> Content | None:
        """What was written, with the values of this message; None where that is no longer kept."""
        return Content.from_json({**self.written.body, "values": self.values}) if self.written else None

    @property
    def title(self) -> str:
        """What people know it by: what launched it called it, its subject as it was sent, or how it begins."""
        sent: dict[str, Any] = self.rendered.body if self.rendered else {}
        written: dict[str, Any] = self.written.body if self.written else {}
        title = str(self.launch.get("title") or sent.get("subject") or written.get("subject") or "")
        return title or shorten(str(sent.get("text") or ""), LONGEST_TITLE, placeholder="…")
