from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from activity.catalogue import MESSAGE_CHANNELS
from activity.labels import CHANNELS
from contacts.models import Contact
from subscriptions.facts import REASONS, Blacklist, Door, Fact, Reason, State
from subscriptions.querysets import BlacklistQuerySet, ConsentQuerySet

_CHANNELS = [(channel.value, CHANNELS[channel]) for channel in MESSAGE_CHANNELS]


class Subscription(models.Model):
    """A contact's state on a channel; where there is none, it was never subscribed."""

    contact = models.ForeignKey(Contact, models.CASCADE, db_index=False, related_name="subscriptions")
    channel = models.PositiveSmallIntegerField(_("channel"), choices=_CHANNELS)
    state = models.PositiveSmallIntegerField(_("state"), choices=State)
    since = models.DateTimeField(_("since"), default=now)
    by = models.CharField(_("by"), max_length=150)
    door = models.CharField(_("through"), max_length=10, choices=Door)
    # Was it ever subscribed? Some channels let people begin only.
    begun = models.BooleanField(default=False)
    # What the channel itself calls the person, where that is neither email nor phone number: a chat, a push endpoint.
    address = models.TextField(blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        permissions = [("resubscribe_contact", _("Can subscribe who has opted out, with evidence"))]
        constraints = [
            models.UniqueConstraint(fields=["contact", "channel"], name="subscription_once"),
            models.CheckConstraint(
                condition=Q(channel__in=[code for code, _label in _CHANNELS]), name="subscription_channel"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.SUBSCRIBED, State.UNSUBSCRIBED]), name="subscription_state"
            ),
            models.CheckConstraint(condition=Q(begun=True) | ~Q(state=State.SUBSCRIBED), name="subscription_begun"),
        ]
        indexes = [models.Index(fields=["channel", "state", "contact"], name="subscription_by_state")]

    def __str__(self) -> str:
        return str(self.pk)


class OptOut(models.Model):
    """That whoever has this address does not want to be written to; it outlives the contact.

    Beside the blacklists and not among them: it is of one channel, is made by a person's own wish, and ends with new
    consent, where an entry of a blacklist ends only when somebody takes it off.
    """

    channel = models.PositiveSmallIntegerField(choices=_CHANNELS)
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["channel", "digest"], name="opt_out_once")]

    def __str__(self) -> str:
        return str(self.pk)


class BlacklistEntry(models.Model):
    """An address of the account's to which nothing is sent, whoever has it."""

    kind = models.PositiveSmallIntegerField(_("blacklist"), choices=Blacklist)
    digest = models.BinaryField(max_length=32)
    # None once who had it has been erased.
    address = models.CharField(_("address"), max_length=254, null=True)  # noqa: DJ001
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.CharField(_("by"), max_length=150)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    door = models.CharField(_("through"), max_length=10, choices=Door)
    at = models.DateTimeField(_("since"), default=now)

    objects = BlacklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("blacklist entry")
        verbose_name_plural = _("blacklists")
        # One is added or removed, never changed.
        default_permissions = ("add", "delete", "view")
        constraints = [
            models.UniqueConstraint(fields=["kind", "digest"], name="blacklisted_once"),
            models.CheckConstraint(
                condition=Q(*(Q(kind=kind, reason__in=reasons) for kind, reasons in REASONS.items()), _connector=Q.OR),
                name="blacklist_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="blacklist_by_time"),
            models.Index(fields=["kind"], name="blacklist_nameless", condition=Q(address=None)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ConsentRecord(models.Model):
    """A change of what may be sent to a contact. Append-only, which the database sees to; it goes with the contact."""

    contact = models.ForeignKey(Contact, models.CASCADE, db_index=False, related_name="+")
    fact = models.PositiveSmallIntegerField(_("what"), choices=Fact)
    before = models.CharField(_("from"), max_length=20)
    after = models.CharField(_("to"), max_length=20)
    # Not a foreign key: the record stays as it is when the account goes.
    user_id = models.BigIntegerField(null=True)
    by = models.CharField(_("by"), max_length=150)
    door = models.CharField(_("through"), max_length=10, choices=Door)
    reason = models.TextField(_("reason"), blank=True)
    evidence = models.JSONField(_("evidence"), default=dict, encoder=DjangoJSONEncoder)
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    at = models.DateTimeField(_("when"), default=now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["contact", "-id", "fact"], name="consent_of_contact")]

    def __str__(self) -> str:
        return str(self.pk)
