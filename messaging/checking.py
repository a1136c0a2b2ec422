"""Asking a provider what it knows of a message that is uncertain: a person wants it, a worker does it.

A wish to ask stands in the message, as the time from which it may be asked; whoever takes it moves that time on, so
that a lost worker is followed by another. Asking changes nothing at the provider, so asking twice does no harm.
"""

import datetime
import time

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity import audit
from activity.audit import Actor
from messaging import consequences, feed, waking
from messaging.deciding import NotNow
from messaging.holding import hold
from messaging.models import Attempt, Message, Outcome
from messaging.providers.interface import Absent, Found, Knowledge, Sought, Unknown
from messaging.providers.registry import in_use
from messaging.states import State, later
from messaging.tellings import SPEAKS_FOR

log = structlog.get_logger(__name__)

_MOST = 20
_OUTCOMES = {Found: Outcome.FOUND, Absent: Outcome.ABSENT, Unknown: Outcome.UNKNOWN}


def askable() -> set[str]:
    """Names of the providers in use that can be asked for a message."""
    return {name for name, provider in in_use().items() if provider.CAN_BE_ASKED}


@transaction.atomic
def ask(*, message: Message, actor: Actor) -> None:
    """Has a worker ask the provider. Raises `NotNow` where nothing is uncertain, or nobody can be asked."""
    if message.provider not in askable():
        raise NotNow(_("This provider cannot be asked for a message."))
    hold(message.contact_id)
    if not Message.objects.filter(pk=message.pk, state=State.UNCERTAIN).update(check_at=now()):
        raise NotNow(_("The message is in another state by now."))
    audit.record(actor=actor, verb="message.check", of=message)
    waking.wake_checks()


def check_asked() -> int:
    """Asks for what people want asked; returns for how many messages."""
    providers = in_use()
    asked = _claim()
    for message in asked:
        provider = providers.get(message.provider)
        if provider is None or not provider.CAN_BE_ASKED:
            Message.objects.filter(pk=message.pk).update(check_at=None)  # it is in use no longer
            continue
        began, at = time.perf_counter(), now()
        with provider.courier() as courier:
            try:
                knowledge: Knowledge = courier.find(_sought(message))
            except Exception as error:  # one that cannot be asked for must not keep the others from it
                log.exception("message_check_failed", message=message.pk)
                knowledge = Unknown(type(error).__name__)
        _write_down(message, knowledge, at, round((time.perf_counter() - began) * 1000))
    return len(asked)


@transaction.atomic
def _claim() -> list[Message]:
    wanted = Message.objects.to_check(now()).select_related("rendered", "contact")
    found = list(wanted.select_for_update(skip_locked=True, of=("self",))[:_MOST])
    until = now() + datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    Message.objects.filter(pk__in=[each.pk for each in found]).update(check_at=until)
    return found


def _sought(message: Message) -> Sought:
    known = Message.objects.filter(provider=message.provider, contact=message.contact_id).exclude(pk=message.pk)
    return Sought(
        message_id=message.pk,
        address=message.address,
        text=str(message.rendered.body.get("text", "")) if message.rendered else "",
        called_at=message.called_at or message.created_at,
        provider_id=message.provider_id,
        others=frozenset(known.exclude(provider_id="").values_list("provider_id", flat=True)),
    )


@transaction.atomic
def _write_down(message: Message, knowledge: Knowledge, at: datetime.datetime, milliseconds: int) -> None:
    """What was found is written beside the calls, and where the provider has the message, followed."""
    telling = knowledge.telling if isinstance(knowledge, Found) else None
    if not (consequences.hold_for(message, telling) if telling else hold(message.contact_id)):
        return
    row = Message.objects.select_for_update().filter(pk=message.pk).first()
    if row is None:
        return
    words = knowledge.words.replace("\0", "")
    Attempt.objects.create(
        message_id=message.pk,
        contact_id=message.contact_id,
        number=message.fence,
        provider=message.provider,
        began_at=at,
        milliseconds=milliseconds,
        outcome=_OUTCOMES[type(knowledge)],
        words=words,
    )
    values: dict[str, object] = {"check_at": None}
    if row.state == State.UNCERTAIN:
        values["words"] = words
        if isinstance(knowledge, Found):
            state = later(State.UNCERTAIN, SPEAKS_FOR[knowledge.telling])
            values |= {"state": state, "provider_id": knowledge.id, "sent_at": row.called_at}
            feed.tell(feed.told(message, knowledge.telling, at=at, words=words))
            consequences.follow(message, knowledge.telling, words=words)
    Message.objects.filter(pk=message.pk).update(**values)
