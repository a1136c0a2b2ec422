"""Writes down what came of a call: one transaction for the state, the attempt, the event and what follows from it."""

import datetime
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from activity.catalogue import Channel
from activity.events import recording_one
from activity.prepared import Prepared
from messaging import consequences, feed
from messaging.delivery.backoff import last_attempt, next_attempt
from messaging.holding import hold
from messaging.models import Attempt, Message, Outcome
from messaging.providers.interface import Accepted, Answer, NotSent, Provider, Refused, Unknown
from messaging.refusals import GIVEN_UP, UNCLEAR
from messaging.states import State, settled
from messaging.tellings import SPEAKS_FOR, Telling


@dataclass(frozen=True)
class Ending:
    """What a call means for its message."""

    outcome: Outcome
    state: State
    words: str = ""
    telling: Telling | None = None
    provider_id: str = ""
    again_at: datetime.datetime | None = None
    # The person has left the channel, says the provider.
    left: bool = False


def ending_of(answer: Answer, message: Message, provider: Provider, at: datetime.datetime) -> Ending:
    # PostgreSQL keeps no null characters, and providers' words come from elsewhere.
    answer = replace(answer, words=answer.words.replace("\0", ""))
    match answer:
        case Accepted(id_, words) if provider.CONFIRMS:
            return Ending(Outcome.ACCEPTED, State.SENT, words, provider_id=id_)
        case Accepted(id_, words):
            return Ending(Outcome.ACCEPTED, State.DELIVERED, words, Telling.DELIVERED, provider_id=id_)
        case Refused(True, words, telling, _wait, left):
            return Ending(Outcome.REFUSED, SPEAKS_FOR[telling], words, telling, left=left)
        case Refused(False, words, _telling, wait, _left, wait_alone):
            return _deferred(message, words, at, wait_alone or wait)
        case NotSent(words):
            return _again(Outcome.NOT_SENT, words, message, at, next_attempt(1, now=at))
        case Unknown(words) if provider.HONOURS_KEYS:
            return _again(Outcome.UNKNOWN, words, message, at, next_attempt(message.attempts_made + 1, now=at))
    return Ending(Outcome.UNKNOWN, State.UNCERTAIN, answer.words or str(UNCLEAR))


def _deferred(message: Message, words: str, at: datetime.datetime, wait: float | None) -> Ending:
    asked = at + datetime.timedelta(seconds=wait or 0)
    again = max(asked, next_attempt(message.attempts_made + 1, now=at))
    return _again(Outcome.DEFERRED, words, message, at, again, telling=Telling.SOFT)


def _again(
    outcome: Outcome,
    words: str,
    message: Message,
    at: datetime.datetime,
    again: datetime.datetime,
    telling: Telling | None = None,
) -> Ending:
    """Queued again, or given up where that would be too late."""
    channel = Channel(message.channel)
    if again <= last_attempt(channel, message.created_at):
        # The feed tells of a bounce for now once; that it was tried again and again stands on the message's page.
        told = telling if channel is Channel.EMAIL and message.attempts_made == 0 else None
        return Ending(outcome, State.QUEUED, words, told, again_at=again)
    if channel is Channel.EMAIL and telling is Telling.SOFT:
        return Ending(outcome, State.SOFT, words)
    return Ending(outcome, State.FAILED, f"{GIVEN_UP} {words}".strip(), Telling.FAILED)


# Its commit does not wait for the disk: the next call's beginning does, and takes it along. Where PostgreSQL crashes
# before, the message is one of a lost worker.
_NO_WAIT = "SET LOCAL synchronous_commit TO off;"
_ACCEPTED = """
    WITH done AS (
        UPDATE messaging_message SET state = %(state)s, words = %(words)s, lease_until = NULL, sent_at = %(at)s,
            attempts_made = attempts_made + 1, provider_id = %(provider_id)s
        WHERE id = %(message)s AND fence = %(fence)s AND state = 'sending'
            AND EXISTS (SELECT FROM contacts_contact WHERE id = %(contact)s FOR KEY SHARE)
        RETURNING id, contact_id, fence, provider, words
    ), attempt AS (
        INSERT INTO messaging_attempt (message_id, contact_id, number, provider, began_at, milliseconds, outcome, words)
        SELECT id, contact_id, fence, provider, %(began_at)s, %(milliseconds)s, 'accepted', words FROM done
    )
"""
_DONE = "SELECT FROM done"


def finish_accepted(message: Message, ending: Ending, *, milliseconds: int | None = None) -> bool:
    """The same as `finish` of the usual case, in one turn; False where it is not the usual one after all."""
    at = now()
    told = feed.told(message, ending.telling, at=at, words=ending.words) if ending.telling else None
    then, of_event = recording_one(told, of="done") if told else (_DONE, {})
    done = _accepted(then).count(
        message=message.pk,
        fence=message.fence,
        contact=message.contact_id,
        state=ending.state,
        words=ending.words,
        at=at,
        provider_id=ending.provider_id,
        began_at=message.called_at or at,
        milliseconds=milliseconds,
        **of_event,
    )
    return bool(done)


@cache
def _accepted(then: str) -> Prepared:
    return Prepared(_ACCEPTED + then, before=_NO_WAIT)


@transaction.atomic
def finish(message: Message, ending: Ending, *, milliseconds: int | None = None) -> bool:
    """Returns whether the claim under which the call was made is the message's last one: nothing is written else.

    What is there already, since a commit took place of which nobody was told, is not written again.
    """
    if not (consequences.hold_for(message, ending.telling) if ending.telling else hold(message.contact_id)):
        return False
    row = Message.objects.select_for_update().filter(pk=message.pk, fence=message.fence).first()
    if row is None:
        return False
    if row.state != State.SENDING and _is_written(message, ending):
        return True
    at = now()
    # A callback may have been quicker than the answer, and a lease may have run out before it.
    state = settled(State(row.state), ending.state)
    values: dict[str, Any] = {"state": state, "lease_until": None, "attempts_made": row.attempts_made + 1}
    if state == ending.state:
        values["words"] = ending.words
    if ending.again_at:
        values["next_attempt_at"] = ending.again_at
    if ending.outcome is Outcome.ACCEPTED:
        values |= {"provider_id": ending.provider_id, "sent_at": at}
    Message.objects.filter(pk=message.pk).update(**values)
    _keep_attempt(message, ending, milliseconds, at)
    if ending.telling:
        feed.tell(feed.told(message, ending.telling, at=at, words=ending.words))
        consequences.follow(message, ending.telling, words=ending.words, left=ending.left)
    return True


def _is_written(message: Message, ending: Ending) -> bool:
    """A claim has one call at most, which began at a time of its own; other attempts of it tell other outcomes."""
    same = Attempt.objects.filter(message=message.pk, number=message.fence, outcome=ending.outcome)
    return (same.filter(began_at=message.called_at) if message.called_at else same).exists()


def _keep_attempt(message: Message, ending: Ending, milliseconds: int | None, at: datetime.datetime) -> None:
    Attempt.objects.create(
        message_id=message.pk,
        contact_id=message.contact_id,
        number=message.fence,
        provider=message.provider,
        began_at=message.called_at or at,
        milliseconds=milliseconds,
        outcome=ending.outcome,
        words=ending.words,
    )
