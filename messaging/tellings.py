"""What can be told of a message by a provider or seen by our own tracking, and what each telling speaks for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activity.catalogue import Channel, Status
from messaging.content.push import PUSH_CHANNELS
from messaging.states import State


class Telling(models.TextChoices):
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    OPENED = "opened", _("Opened")
    CLICKED = "clicked", _("Clicked")
    COMPLAINED = "complained", _("Complained")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    SOFT = "soft", _("Bounced for now")
    HARD = "hard", _("Bounced for good")
    REJECTED = "rejected", _("Rejected")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    # Refused for now, until somebody on the way gave up.
    GIVEN_UP = "given_up", _("Bounced for now, and given up")
    DISMISSED = "dismissed", _("Dismissed")
    # Of people, not of messages.
    JOINED = "joined", _("Subscribed")
    LEFT = "left", _("Left the channel")


SPEAKS_FOR: dict[Telling, State] = {
    Telling.SENT: State.SENT,
    Telling.DELIVERED: State.DELIVERED,
    Telling.OPENED: State.DELIVERED,
    Telling.CLICKED: State.DELIVERED,
    Telling.COMPLAINED: State.DELIVERED,
    Telling.UNSUBSCRIBED: State.DELIVERED,
    Telling.DISMISSED: State.DELIVERED,
    Telling.SOFT: State.SOFT,
    Telling.HARD: State.HARD,
    Telling.REJECTED: State.REJECTED,
    Telling.FAILED: State.FAILED,
    Telling.EXPIRED: State.EXPIRED,
    Telling.GIVEN_UP: State.EXPIRED,
}

ADVERSE = frozenset(
    {
        Telling.SOFT,
        Telling.GIVEN_UP,
        Telling.HARD,
        Telling.REJECTED,
        Telling.FAILED,
        Telling.EXPIRED,
        Telling.COMPLAINED,
    }
)

_EVERYWHERE = {
    Telling.DELIVERED: Status.DELIVERED,
    Telling.OPENED: Status.OPEN,
    Telling.CLICKED: Status.CLICK,
}
# Where a channel has no word of the catalogue for something, the nearest that it has.
_STATUSES: dict[Channel, dict[Telling, Status]] = {
    Channel.EMAIL: _EVERYWHERE
    | {
        Telling.COMPLAINED: Status.COMPLAINT,
        Telling.UNSUBSCRIBED: Status.EMAIL_UNSUBSCRIBED,
        Telling.SOFT: Status.SOFT,
        Telling.GIVEN_UP: Status.SOFT,
        Telling.HARD: Status.HARD,
        Telling.REJECTED: Status.REJECT,
        Telling.FAILED: Status.REJECT,
        Telling.EXPIRED: Status.REJECT,
    },
    Channel.SMS: {
        Telling.DELIVERED: Status.DELIVERED,
        Telling.CLICKED: Status.CLICK,
        Telling.SOFT: Status.FAIL,
        Telling.HARD: Status.FAIL,
        Telling.FAILED: Status.FAIL,
        Telling.EXPIRED: Status.FAIL,
        Telling.REJECTED: Status.REJECT,
    },
    Channel.TELEGRAM: _EVERYWHERE
    | dict.fromkeys((Telling.SOFT, Telling.HARD, Telling.FAILED, Telling.EXPIRED, Telling.REJECTED), Status.FAILED),
    Channel.VIBER: _EVERYWHERE
    | {
        Telling.SOFT: Status.FAIL,
        Telling.HARD: Status.FAIL,
        Telling.FAILED: Status.FAIL,
        Telling.REJECTED: Status.REJECT,
        Telling.EXPIRED: Status.EXPIRED,
    },
} | {
    channel: _EVERYWHERE
    | {Telling.DISMISSED: Status.DISMISSED, Telling.EXPIRED: Status.EXPIRED}
    | dict.fromkeys((Telling.SOFT, Telling.HARD, Telling.FAILED, Telling.REJECTED), Status.UNDELIVERED)
    for channel in PUSH_CHANNELS
}


def status_of(channel: Channel, telling: Telling) -> Status | None:
    """What the feed says of it; None for what it does not tell of, such as that something was sent."""
    return _STATUSES[channel].get(telling)
