"""The whole conversation with a provider about a message (F54), put together for people."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from messaging.models import Attempt, Message, Outcome, Receipt
from messaging.providers.labels import label_of
from messaging.states import State
from messaging.tellings import ADVERSE, Telling

# After so long a provider that usually tells what became of messages counts as silent.
SILENCE = datetime.timedelta(hours=1)
_LATELY = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Step:
    """Something that happened. `seconds`: how long the provider took for it, from the call or since the sending."""

    at: datetime.datetime
    what: str | Promise
    words: str = ""
    who: str = ""
    seconds: float | None = None
    url: str = ""
    by_machine: bool = False
    is_bad: bool = False


def timeline(message: Message) -> list[Step]:
    """In the order of its happening."""
    steps = [_launched(message), *_attempts(message), *_receipts(message), *_ends(message)]
    return sorted(steps, key=lambda step: step.at)


def is_silent(message: Message) -> bool:
    """A provider that tells what became of others has told nothing of this one for too long."""
    if message.state != State.SENT or message.sent_at is None or message.sent_at > now() - SILENCE:
        return False
    lately = Receipt.objects.filter(provider=message.provider, received_at__gt=now() - _LATELY)
    return lately.exists() and not message.receipts.exists()


def _launched(message: Message) -> Step:
    return Step(message.created_at, _("Launched"), who=message.by)


def _attempts(message: Message) -> Iterator[Step]:
    good = (Outcome.ACCEPTED, Outcome.FOUND)
    for each in Attempt.objects.filter(message=message):
        yield Step(
            each.began_at,
            Outcome(each.outcome).label,
            words=each.words,
            who=label_of(each.provider),
            seconds=None if each.milliseconds is None else each.milliseconds / 1000,
            is_bad=each.outcome not in good,
        )


def _receipts(message: Message) -> Iterator[Step]:
    bad = ADVERSE
    for each in Receipt.objects.filter(message=message):
        details: dict[str, Any] = each.details
        yield Step(
            each.occurred_at,
            Telling(each.telling).label,
            words=each.words,
            who=label_of(each.provider),
            seconds=(each.occurred_at - message.sent_at).total_seconds() if message.sent_at else None,
            url=str(details.get("url", "")),
            by_machine="machine" in details,
            is_bad=each.telling in bad,
        )


def _ends(message: Message) -> Iterator[Step]:
    """What no provider was asked for."""
    if message.state in (State.SKIPPED, State.CANCELLED):
        yield Step(message.next_attempt_at, State(message.state).label, words=message.words, is_bad=True)
