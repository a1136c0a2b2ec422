"""Launching messages: the one way into the outbox, for pages, the API and other parts of the platform."""

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity import audit
from activity.audit import Actor
from activity.catalogue import MESSAGE_ORIGINS, Channel, Origin
from contacts.models import Contact
from messaging import feed, waking
from messaging.content.content import Content
from messaging.holding import hold_many
from messaging.launch import Launch
from messaging.models import Lane, Message, WrittenContent
from messaging.refusals import CLOSED
from messaging.states import State
from messaging.tellings import Telling
from segments.membership import segments_of
from subscriptions.policy import Closed, may_send

MOST = 1_000
# To one person, because of what that person did: it does not wait behind what goes to many.
_URGENT = (Origin.TRANSACTION, Origin.TRIGGER)


class KeyReused(Exception):
    """The key was used for another message before; the text says which."""


@dataclass(frozen=True)
class Request:
    """A message that somebody wants sent. Two with the same key are the same message.

    `resend_of`: the message whose content, as it was sent, is sent again.
    """

    contact_id: int
    channel: Channel
    content: Content
    origin: Origin
    launch: Launch = field(default_factory=Launch)
    key: str = ""
    not_after: datetime.datetime | None = None
    resend_of: Message | None = None


def send(
    *,
    actor: Actor,
    contact_id: int,
    channel: Channel,
    content: Content,
    origin: Origin,
    launch: Launch | None = None,
    idempotency_key: str = "",
    not_after: datetime.datetime | None = None,
    resend_of: Message | None = None,
) -> Message:
    """Launches a message: queued, or skipped with the reason where the contact may not be written to.

    With a key that was used before, that message. Raises `KeyReused` where that one was another, and
    `Contact.DoesNotExist`.
    """
    wanted = Request(contact_id, channel, content, origin, launch or Launch(), idempotency_key, not_after, resend_of)
    (found,) = send_many([wanted], actor=actor)
    if found is None:
        raise Contact.DoesNotExist
    return found


def send_many(requests: Sequence[Request], *, actor: Actor) -> list[Message | None]:
    """The same for up to 1,000 at once, in their order; None where there is no such contact.

    Raises `KeyReused`, and then none is sent.
    """
    if len(requests) > MOST:
        raise ValueError(_("At most %(most)d messages at once.") % {"most": MOST})
    if any(each.origin not in MESSAGE_ORIGINS for each in requests):
        raise ValueError(_("Messages have one of six origins."))
    try:
        return _launch(requests, actor)
    except IntegrityError:  # somebody was quicker to use a key, or to erase a contact: they are found now
        return _launch(requests, actor)


@transaction.atomic
def _launch(requests: Sequence[Request], actor: Actor) -> list[Message | None]:
    there = _same(requests)
    fresh = {each.key or place: (place, each) for place, each in enumerate(requests) if each.key not in there}
    wanted = dict(fresh.values())
    reasons = _reasons(wanted.values())
    written = _written(each.content for each in wanted.values())
    segments = segments_of({contact_id for contact_id, _channel in reasons})
    messages = {
        place: _message(
            each,
            reasons[each.contact_id, each.channel],
            written[_digest(each.content)],
            segments.get(each.contact_id, []),
            actor,
        )
        for place, each in wanted.items()
        if (each.contact_id, each.channel) in reasons
    }
    Message.objects.bulk_create(messages.values())
    _tell(messages.values(), actor)
    there |= {message.key: message for message in messages.values() if message.key}
    return [there[each.key] if each.key in there else messages.get(place) for place, each in enumerate(requests)]


def _same(requests: Iterable[Request]) -> dict[str, Message]:
    """Messages that these keys have made already, by key. Raises `KeyReused`."""
    by_key: dict[str, Request] = {}
    for each in requests:
        if each.key and by_key.setdefault(each.key, each) != each:
            raise KeyReused(_("The key “%(key)s” is given to two messages.") % {"key": each.key})
    there = {each.key: each for each in Message.objects.filter(key__in=by_key).select_related("written")}
    for key, message in there.items():
        wanted = by_key[key]
        same = (message.contact_id, message.channel, message.origin, message.values) == (
            wanted.contact_id, wanted.channel, wanted.origin, dict(wanted.content.values),
        )  # fmt: skip
        if not same or (message.written and bytes(message.written.digest) != _digest(wanted.content)):
            raise KeyReused(_("The key “%(key)s” was used for another message.") % {"key": key})
    return there


def _reasons(requests: Iterable[Request]) -> dict[tuple[int, Channel], tuple[Closed, ...]]:
    """Why nothing may be sent, by contact and channel. The contacts are held: their consent stays as it is found."""
    by_channel: dict[Channel, set[int]] = {}
    for each in requests:
        by_channel.setdefault(each.channel, set()).add(each.contact_id)
    ids = set().union(*by_channel.values())
    hold_many(ids, to_change=True)
    found: dict[tuple[int, Channel], tuple[Closed, ...]] = {}
    for channel, contact_ids in by_channel.items():
        rows = Contact.objects.filter(pk__in=contact_ids).annotate(closed=may_send(channel))
        found |= {(pk, channel): tuple(map(Closed, closed)) for pk, closed in rows.values_list("pk", "closed")}
    return found


_KEEP = """
    INSERT INTO messaging_writtencontent (digest, body)
    SELECT * FROM unnest(%s::bytea[], %s::jsonb[]) ORDER BY 1
    ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest RETURNING digest, id
"""


def _digest(content: Content) -> bytes:
    """Without the values, which are kept with the message: so a campaign's content is one."""
    return bytes.fromhex(replace(content, values={}).digest)


def _written(contents: Iterable[Content]) -> dict[bytes, WrittenContent]:
    """The rows of contents by digest. They are held, so that none goes before its new message is there."""
    with connection.cursor() as cursor:
        bodies = {_digest(each): replace(each, values={}).to_json() for each in contents}
        cursor.execute(_KEEP, [list(bodies), [json.dumps(body, ensure_ascii=False) for body in bodies.values()]])
        ids = {bytes(digest): pk for digest, pk in cursor.fetchall()}
    return {digest: WrittenContent(pk=ids[digest], digest=digest, body=body) for digest, body in bodies.items()}


def _message(
    wanted: Request, closed: tuple[Closed, ...], written: WrittenContent, segment_ids: list[int], actor: Actor
) -> Message:
    return Message(
        contact_id=wanted.contact_id,
        channel=wanted.channel,
        origin=wanted.origin,
        launch=wanted.launch.to_json(),
        segment_ids=segment_ids,
        written=written,
        values=dict(wanted.content.values),
        state=State.SKIPPED if closed else State.QUEUED,
        words=str(CLOSED[closed[0]]) if closed else "",
        lane=Lane.URGENT if wanted.origin in _URGENT else Lane.BULK,
        key=wanted.key,
        resend_of=wanted.resend_of,
        rendered=wanted.resend_of.rendered if wanted.resend_of else None,
        not_after=wanted.not_after,
        by=actor.name,
    )


def _tell(messages: Iterable[Message], actor: Actor) -> None:
    messages = list(messages)
    if not messages:
        return
    at = now()
    skipped = [each for each in messages if each.state == State.SKIPPED]
    feed.tell(*(feed.told(each, Telling.REJECTED, at=at, words=each.words) for each in skipped))
    details: dict[str, Any] = {"count": len(messages), "skipped": len(skipped)}
    of = messages[0] if len(messages) == 1 else None
    audit.record(actor=actor, verb="message.send", of=of, **details)
    waking.wake({Channel(each.channel) for each in messages if each.state == State.QUEUED})
