"""What comes back from providers: kept as it came, once, then applied to its message.

Keeping and applying are two transactions. Whoever tells something is thanked once it is kept; what could not be applied
then is applied by the timetable, also where the message becomes known only later.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from activity.events import NewEvent
from messaging import consequences, feed, people
from messaging.models import Message, Receipt
from messaging.states import State, later
from messaging.tellings import SPEAKS_FOR, Telling

log = structlog.get_logger(__name__)

# So long a telling waits for a message that nobody knows.
WAIT = datetime.timedelta(days=7)
_MOST = 500
TRACKING = "tracking"


@dataclass(frozen=True)
class Told:
    """One thing that a provider tells. Two with the same `event_id` are one.

    `message_id` where it gives our own number back, else `provider_id`. `details` go into the event of the feed.
    """

    event_id: str
    telling: Telling
    occurred_at: datetime.datetime
    message_id: int | None = None
    provider_id: str = ""
    account: str = ""
    words: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)


def receive(provider: str, told: Iterable[Told]) -> int:
    """Keeps what was told, then applies it; returns how much of it was new."""
    fresh = _keep(provider, told)
    for pk in fresh:
        apply(pk)
    return len(fresh)


def _keep(provider: str, told: Iterable[Told]) -> list[int]:
    at = now()
    rows = [
        Receipt(
            provider=provider,
            account=each.account,
            event_id=each.event_id,
            telling=each.telling,
            provider_id=each.provider_id,
            # A clock that is ahead must not keep an event out.
            occurred_at=min(each.occurred_at, at),
            received_at=at,
            words=each.words,
            details=dict(each.details) | ({"our_number": each.message_id} if each.message_id else {}),
            raw=dict(each.raw),
        )
        for each in told
    ]
    Receipt.objects.bulk_create(rows, ignore_conflicts=True)
    mine = Receipt.objects.filter(provider=provider, event_id__in=[row.event_id for row in rows], received_at=at)
    return list(mine.filter(applied_at=None).order_by("pk").values_list("pk", flat=True))


def apply(pk: int) -> bool:
    """Applies what was kept to its message; False where that has been done, or no message is known (yet)."""
    receipt = Receipt.objects.filter(pk=pk, applied_at=None).first()
    if receipt and receipt.telling in people.TELLINGS:
        return people.apply(receipt)
    message = _message_of(receipt) if receipt else None
    if receipt is None or message is None:
        return False
    with transaction.atomic():
        telling = Telling(receipt.telling)
        if not consequences.hold_for(message, telling):
            return False
        if not Receipt.objects.select_for_update().filter(pk=pk, applied_at=None).exists():
            return False
        message = Message.objects.select_for_update(of=("self",)).with_all().get(pk=message.pk)
        state = later(State(message.state), SPEAKS_FOR[telling])
        if state != message.state:
            words = {"words": receipt.words} if receipt.words else {}
            Message.objects.filter(pk=message.pk).update(state=state, lease_until=None, **words)
        feed.tell(_event(message, receipt))
        consequences.follow(message, telling, words=receipt.words)
        Receipt.objects.filter(pk=pk).update(applied_at=now(), message=message, contact=message.contact_id)
    return True


def apply_waiting() -> int:
    """Applies what is left; forgets what is of nobody known for too long. Returns how many were applied.

    First comes what was never tried, then what was tried longest ago: nothing stands in the way of what is behind.
    """
    at = now()
    waiting = Receipt.objects.filter(applied_at=None)
    # Among it also that strangers left, which counts as applied.
    Receipt.objects.filter(contact=None, received_at__lt=at - WAIT).delete()
    in_turn = waiting.order_by(F("tried_at").asc(nulls_first=True), "received_at", "pk")
    turn = list(in_turn.values_list("pk", flat=True)[:_MOST])
    waiting.filter(pk__in=turn).update(tried_at=at)
    return sum(map(_applied, turn))


def _applied(pk: int) -> bool:
    """One that cannot be applied must not keep the others from it; it is tried again."""
    try:
        return apply(pk)
    except Exception:
        log.exception("receipt_not_applied", receipt=pk)
        return False


def _event(message: Message, receipt: Receipt) -> NewEvent | None:
    details = {name: value for name, value in receipt.details.items() if name != "our_number"}
    at = max(receipt.occurred_at, message.created_at)
    return feed.told(message, Telling(receipt.telling), at=at, words=receipt.words, details=details)


def _message_of(receipt: Receipt) -> Message | None:
    """What a provider may speak of are its own messages."""
    rows = Message.objects.all()
    if receipt.provider != TRACKING:
        rows = rows.filter(provider=receipt.provider)
    if number := receipt.details.get("our_number"):
        return rows.filter(pk=number).first()
    return rows.filter(provider_id=receipt.provider_id).first() if receipt.provider_id else None
