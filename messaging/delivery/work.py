"""What a worker does that was woken for a channel."""

import threading
import time
from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils.timezone import now

from activity.catalogue import Channel
from messaging import waking
from messaging.content.content import ContentRefused
from messaging.content.values import values_of_each
from messaging.delivery import pace
from messaging.delivery.claim import claim
from messaging.delivery.finish import Ending, ending_of, finish
from messaging.delivery.gate import enter
from messaging.delivery.outgoing import outgoing, prepare
from messaging.delivery.slots import place_at
from messaging.models import Message, Outcome
from messaging.providers.interface import Answer, Courier, NotSent, Provider, Refused
from messaging.providers.registry import provider_of
from messaging.states import State
from messaging.tellings import Telling

_stopping = threading.Event()

log = structlog.get_logger(__name__)

# After so many seconds a worker lets go of its place, so that a busy channel does not keep it for ever.
_STRETCH = 60.0
# How long a result is kept in mind while PostgreSQL is away.
_PATIENCE = 20.0


def stop(**_signal: Any) -> None:
    """The process is asked to end: calls under way are ended, what is not begun waits for others."""
    _stopping.set()


def deliver(channel: Channel, *, stretch: float = _STRETCH) -> int:
    """Sends what is due on a channel; returns how many messages were taken in hand."""
    until, done = time.monotonic() + stretch, 0
    with place_at(channel) as place:
        if place is None:
            return 0
        provider = provider_of(channel)
        with provider.courier() as courier:
            while not _stopping.is_set() and time.monotonic() < until and place.keep():
                batch = claim(channel, provider, most=settings.DELIVERY_BATCH)
                if not batch:
                    return done
                done += len(batch)
                if not _take_out(channel, batch, provider, courier):
                    return done
    waking.wake([channel])
    return done


def _take_out(channel: Channel, batch: list[Message], provider: Provider, courier: Courier) -> bool:
    """Sends the messages of a claim; False where the provider wants to be left alone, and the rest went back."""
    values_of_all = values_of_each((message.contact for message in batch), channel)
    for place, (message, values) in enumerate(zip(batch, values_of_all, strict=True)):
        if _stopping.is_set():
            _give_back(batch[place:])
            return False
        answer = _send(message, values, provider, courier)
        if wait := _wish(answer):
            pace.rest(provider, *wait)
            _give_back(batch[place + 1 :])
            return False
    pace.answered(provider)
    return True


def _send(message: Message, values: Mapping[str, object], provider: Provider, courier: Courier) -> Answer | None:
    """Takes one message to the provider; None where it was not called."""
    try:
        prepare(message, values)
    except ContentRefused as refusal:
        finish(message, Ending(Outcome.UNRENDERED, State.REJECTED, refusal.words, Telling.REJECTED))
        return None
    if enter(message) is None:
        return None
    began = time.perf_counter()
    answer = courier.send(outgoing(message, provider))
    milliseconds = round((time.perf_counter() - began) * 1000)
    _write_down(message, ending_of(answer, message, provider, now()), milliseconds)
    return answer


def _write_down(message: Message, ending: Ending, milliseconds: int) -> None:
    """A database that is away for a moment must not make a sent message an uncertain one."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            if not finish(message, ending, milliseconds=milliseconds):
                log.warning("message_lost", message=message.pk, outcome=ending.outcome)
            return
        except Error:
            if time.monotonic() > until:
                raise
            log.warning("message_result_waits", message=message.pk)
            close_old_connections()
            time.sleep(0.5)


def _wish(answer: Answer | None) -> tuple[str, float | None] | None:
    """That the provider be left alone, with its words and for how many seconds, as far as it said."""
    match answer:
        case NotSent(words):
            return words, None
        case Refused(False, words, _telling, wait) if wait is not None:
            return words, wait
    return None


def _give_back(messages: list[Message]) -> None:
    """Those that were claimed and not called wait again, each at its old place."""
    for each in messages:
        Message.objects.held(each.pk, each.fence).filter(called_at=None).update(state=State.QUEUED, lease_until=None)
