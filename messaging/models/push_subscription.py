from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from activity.catalogue import Channel
from activity.labels import CHANNELS
from contacts.models import Contact
from messaging.content.push import PUSH_CHANNELS


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    def live(self, contact_id: int, channel: Channel) -> "PushSubscriptionQuerySet":
        """The browsers that a contact gets a channel in, the first to join first."""
        return self.filter(contact=contact_id, channel=channel, expired_at=None).order_by("pk")


class PushSubscription(models.Model):
    """A browser that a contact gets pushes in: where they are sent, and the keys that only it can read them with."""

    contact = models.ForeignKey(Contact, models.CASCADE, db_index=False, related_name="push_subscriptions")
    channel = models.PositiveSmallIntegerField(
        _("channel"), choices=[(channel.value, CHANNELS[channel]) for channel in PUSH_CHANNELS]
    )
    # Of the push service of the browser's maker; nobody else knows it.
    endpoint = models.CharField(max_length=1_000, unique=True)
    # The browser's public key (P-256, uncompressed: 65 bytes) and secret (16 bytes), RFC 8291.
    p256dh = models.BinaryField(max_length=65)
    auth = models.BinaryField(max_length=16)
    # Such as “Chrome on Windows”.
    agent = models.CharField(_("browser"), max_length=60)
    since = models.DateTimeField(_("since"), default=now)
    last_used_at = models.DateTimeField(_("last used"), null=True)
    expired_at = models.DateTimeField(_("expired"), null=True)
    expired_because = models.CharField(_("why"), max_length=200, blank=True)

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("push subscription")
        verbose_name_plural = _("push subscriptions")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=[channel.value for channel in PUSH_CHANNELS]), name="push_channel"
            )
        ]
        indexes = [
            # Also for erasures: all of a contact's.
            models.Index(fields=["contact", "channel"], name="push_of_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} #{self.pk}"
