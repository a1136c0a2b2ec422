"""What can become of a message: its states, and how what is heard of it moves it on.

What providers tell comes late, twice and in any order. `later` therefore takes the greater of two states in one fixed
order, so that the same tellings in any order and number end in the same state.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    # The provider may have it or not, and nobody can tell: it is not sent again by itself.
    UNCERTAIN = "uncertain", _("Uncertain")
    SENT = "sent", _("Sent")
    SOFT = "soft", _("Soft bounce")
    DELIVERED = "delivered", _("Delivered")
    EXPIRED = "expired", _("Expired")
    FAILED = "failed", _("Failed")
    REJECTED = "rejected", _("Rejected")
    HARD = "hard", _("Hard bounce")
    # Not handed to any provider.
    SKIPPED = "skipped", _("Not sent")
    CANCELLED = "cancelled", _("Cancelled")


# From the least that can be heard of a message to what nothing takes back.
TOLD = (
    State.UNCERTAIN,
    State.SENT,
    State.SOFT,
    State.DELIVERED,
    State.EXPIRED,
    State.FAILED,
    State.REJECTED,
    State.HARD,
)
# Who has one of these never had it handed to a provider, or not for certain: what is heard then counts by itself.
BEFORE = frozenset({State.QUEUED, State.SENDING, State.SKIPPED, State.CANCELLED})
# What is waiting for a worker, or for what a worker is doing.
OPEN = frozenset({State.QUEUED, State.SENDING})


def later(state: State, told: State) -> State:
    """The state after something was heard that speaks for `told`, one of `TOLD`."""
    if state in BEFORE:
        return told
    return max(state, told, key=TOLD.index)


def settled(now: State, ending: State) -> State:
    """The state after a worker's call has ended so, where meanwhile something may have been heard of the message."""
    if now in OPEN:
        return ending
    return later(now, ending) if now in TOLD and ending in TOLD else now
