from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from messaging.models.message import Message
from messaging.tellings import Telling


class Receipt(models.Model):
    """Something that a provider told, or that our own tracking saw: kept as it came, before it is applied."""

    provider = models.CharField(_("provider"), max_length=20)
    account = models.CharField(max_length=80, blank=True)
    event_id = models.CharField(max_length=250)
    telling = models.CharField(_("what"), max_length=20, choices=Telling)
    # What it is about: our own number where the provider gives it back, else the provider's.
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="receipts")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    provider_id = models.CharField(max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(_("received"), default=now)
    # When it was last tried in vain: those that came since are tried before.
    tried_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    words = models.TextField(_("words"), blank=True)
    # url, device, machine and the like, for the event of the feed.
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    raw = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["provider", "account", "event_id"], name="receipt_once")]
        indexes = [
            models.Index(
                F("tried_at").asc(nulls_first=True), "received_at", name="receipt_waiting", condition=Q(applied_at=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
