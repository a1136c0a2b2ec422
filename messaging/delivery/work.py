"""What a worker does that was woken for a channel."""

import threading
import time
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, close_old_connections
from django.utils.timezone import now

from activity.catalogue import Channel
from messaging import waking
from messaging.content.content import ContentRefused
from messaging.delivery import pace
from messaging.delivery.claim import claim
from messaging.delivery.finish import Ending, ending_of, finish, finish_accepted
from messaging.delivery.gate import enter
from messaging.delivery.outgoing import outgoing, prepare
from messaging.delivery.slots import place_at
from messaging.models import Message, Outcome
from messaging.providers.interface import Answer, Courier, NotSent, Outgoing, Provider, Refused, Unknown
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
                found = claim(channel, provider, most=settings.DELIVERY_BATCH)
                if not found.found:
                    return done
                done += len(found.messages)
                if found.messages and not _take_out(channel, found.messages, provider, courier):
                    return done
    waking.wake([channel])
    return done


def _take_out(channel: Channel, batch: list[Message], provider: Provider, courier: Courier) -> bool:
    """Sends the messages of a claim; False where the provider wants to be left alone, and the rest went back."""
    ready = _prepare(channel, batch)
    for place, message in enumerate(ready):
        if _stopping.is_set():
            _give_back(ready[place:])
            return False
        answer = _send(message, provider, courier)
        if wait := _wish(answer):
            pace.rest(provider, *wait)
            _give_back(ready[place + 1 :])
            return False
    pace.answered(provider)
    return True


def _prepare(channel: Channel, batch: list[Message]) -> list[Message]:
    """Those whose content can be made. The others end here."""
    ready, refusals = prepare(channel, batch)
    for message, refusal in refusals:
        _end_unmade(message, refusal)
    return ready


def _send(message: Message, provider: Provider, courier: Courier) -> Answer | None:
    """Takes one message to the provider; None where it was not called. All that can be is done before the last look."""
    try:
        given = outgoing(message, provider)
    except ContentRefused as refusal:
        _end_unmade(message, refusal)
        return None
    if unready := courier.open():
        _write_down(message, ending_of(unready, message, provider, now()))
        return unready
    if not enter(message, given.address):
        return None
    began = time.perf_counter()
    answer = _call(courier, given)
    milliseconds = round((time.perf_counter() - began) * 1000)
    _write_down(message, ending_of(answer, message, provider, now()), milliseconds)
    return answer


def _end_unmade(message: Message, refusal: ContentRefused) -> None:
    finish(message, Ending(Outcome.UNRENDERED, State.REJECTED, refusal.words, Telling.REJECTED))


def _call(courier: Courier, given: Outgoing) -> Answer:
    try:
        return courier.send(given)
    except Exception as error:  # whatever it was, the message may have left
        log.exception("message_call_failed", message=given.message_id)
        return Unknown(type(error).__name__)


def _write_down(message: Message, ending: Ending, milliseconds: int | None = None) -> None:
    """A database that is away for a moment must not make a sent message an uncertain one."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            usual = ending.outcome is Outcome.ACCEPTED and finish_accepted(message, ending, milliseconds=milliseconds)
            if not usual and not finish(message, ending, milliseconds=milliseconds):
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
