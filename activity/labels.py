"""The catalogue in people's words, and the icon of each channel."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from activity.catalogue import Channel, Kind, Origin, Status

CHANNELS: dict[Channel, StrOrPromise] = {
    Channel.EMAIL: _("Email"),
    Channel.SMS: _("SMS"),
    Channel.TELEGRAM: _("Telegram"),
    Channel.DESKTOP_WEBPUSH: _("Desktop WebPush"),
    Channel.MOBILE_WEBPUSH: _("Mobile WebPush"),
    Channel.VIBER: _("Viber"),
    Channel.CONTACT: _("Contact"),
    Channel.OTHER: _("Other events"),
}
ORIGINS: dict[Origin, StrOrPromise] = {
    Origin.TRANSACTION: _("Transaction"),
    Origin.CAMPAIGN: _("Campaign"),
    Origin.AB_TEST: _("A/B test"),
    Origin.DRIP_CAMPAIGN: _("Drip Campaign"),
    Origin.TRIGGER: _("Trigger"),
    Origin.WORKFLOW: _("Workflow"),
    Origin.SUBSCRIBED: _("Subscribed to a channel"),
    Origin.UNSUBSCRIBED: _("Unsubscribed from a channel"),
    Origin.ADDED: _("Added"),
    Origin.ADDED_TO_SEGMENT: _("Added to segment"),
    Origin.DROPPED_FROM_SEGMENT: _("Dropped from segment"),
    Origin.ACTIVATED: _("Activated"),
    Origin.DEACTIVATED: _("Deactivated"),
    Origin.CUSTOM_EVENT: _("Custom event"),
    Origin.CUSTOM_CONVERSION: _("Custom conversion"),
}
STATUSES: dict[Status, StrOrPromise] = {
    Status.DELIVERED: _("Delivered"),
    Status.OPEN: _("Open"),
    Status.CLICK: _("Click"),
    Status.COMPLAINT: _("Complaint"),
    Status.EMAIL_UNSUBSCRIBED: _("Email-unsubscribed"),
    Status.SOFT: _("Soft"),
    Status.HARD: _("Hard"),
    Status.REJECT: _("Reject"),
    Status.FAIL: _("Fail"),
    Status.FAILED: _("Failed"),
    Status.EXPIRED: _("Expired"),
    Status.DISMISSED: _("Dismissed"),
    Status.UNDELIVERED: _("Undelivered"),
    Status.NONE: "",
}
_OF_CHANNEL: dict[Origin, StrOrPromise] = {
    Origin.SUBSCRIBED: _("Subscribed to {channel} Channel"),
    Origin.UNSUBSCRIBED: _("Unsubscribed from {channel} Channel"),
}
# Names of heroicons.
ICONS: dict[Channel, str] = {
    Channel.EMAIL: "envelope",
    Channel.SMS: "chat-bubble-bottom-center-text",
    Channel.TELEGRAM: "paper-airplane",
    Channel.DESKTOP_WEBPUSH: "computer-desktop",
    Channel.MOBILE_WEBPUSH: "device-phone-mobile",
    Channel.VIBER: "chat-bubble-oval-left-ellipsis",
    Channel.CONTACT: "user",
    Channel.OTHER: "bolt",
}


def origin_label(origin: Origin, channel: Channel | None = None) -> StrOrPromise:
    """An origin as it is called within a channel, or where all channels are meant."""
    if channel is not None and origin in _OF_CHANNEL:
        return format_lazy(_OF_CHANNEL[origin], channel=CHANNELS[channel])
    return ORIGINS[origin]


def words_of(kind: Kind) -> tuple[str, str, str]:
    """A row of the catalogue as the specification writes it."""
    return str(CHANNELS[kind.channel]), str(origin_label(kind.origin, kind.channel)), str(STATUSES[kind.status])
