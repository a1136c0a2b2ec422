"""Plays what providers call back with, by the very way that their callbacks take."""

import datetime
import uuid

from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity import audit
from activity.audit import Actor
from activity.catalogue import Channel
from messaging.models import Message, Receipt
from messaging.receipts import Told, receive
from messaging.tellings import Telling, status_of

_LATE = datetime.timedelta(minutes=10)
_ORDER = (
    Telling.DELIVERED, Telling.OPENED, Telling.CLICKED, Telling.DISMISSED, Telling.SOFT, Telling.HARD,
    Telling.COMPLAINED, Telling.UNSUBSCRIBED, Telling.REJECTED, Telling.FAILED, Telling.EXPIRED,
)  # fmt: skip
_WORDS: dict[Telling, str] = {
    Telling.SOFT: "452 4.2.2 Mailbox full",
    Telling.HARD: "550 5.1.1 No such user here",
    Telling.REJECTED: "554 5.7.1 Message refused by policy",
    Telling.FAILED: "The network could not deliver it",
}


def playable(channel: Channel) -> list[Telling]:
    """What can come back by a channel; unsubscribing also where the feed tells of it as a change of consent."""
    return [each for each in _ORDER if status_of(channel, each) or each is Telling.UNSUBSCRIBED]


def play(*, message: Message, telling: Telling, actor: Actor, late: bool = False) -> int:
    """Has the sandbox call back; returns how much of it was new, 1 or 0. Raises `ValueError` for another provider's."""
    _refuse_others(message)
    at = now() - _LATE if late else now()
    audit.record(actor=actor, verb="message.play", of=message, telling=telling.value)
    told = Told(
        event_id=uuid.uuid4().hex,
        telling=telling,
        occurred_at=at,
        message_id=message.pk,
        words=_WORDS.get(telling, ""),
        raw={"event": telling.value, "message": message.pk, "at": at.isoformat()},
    )
    return receive(message.provider, [told])


def play_again(*, message: Message, actor: Actor) -> int:
    """Has it call back with its last telling once more, which changes nothing; returns 0, or 0 where there was none."""
    _refuse_others(message)
    last = Receipt.objects.filter(message=message, provider=message.provider).order_by("-pk").first()
    if last is None:
        return 0
    audit.record(actor=actor, verb="message.play", of=message, telling=last.telling, again=True)
    told = Told(last.event_id, Telling(last.telling), last.occurred_at, message_id=message.pk, raw=last.raw)
    return receive(message.provider, [told])


def _refuse_others(message: Message) -> None:
    if message.provider != "sandbox":
        raise ValueError(_("Only messages in the sandbox can be played with."))
