"""Takes what is due for this worker, and decides there and then on what may not be sent."""

import datetime
from collections.abc import Collection

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import now

from activity.catalogue import Channel
from contacts.models import Contact, ContactList, Source
from messaging import feed
from messaging.delivery import pace
from messaging.delivery.permission import may_be_written_to
from messaging.holding import hold_many
from messaging.models import Lane, Message, WrittenContent
from messaging.providers.interface import Provider
from messaging.querysets import MessageQuerySet
from messaging.refusals import CLOSED, TOO_LATE
from messaging.states import State
from messaging.tellings import Telling
from subscriptions.policy import Closed, may_send


def claim(channel: Channel, provider: Provider, *, most: int) -> list[Message]:
    """Messages that are this worker's until their lease runs out. What may not be sent ends here, with the reason."""
    with transaction.atomic():
        at = now()
        count = pace.allowed(provider, most)
        due = _due(channel, count, at) if count else []
        taken = _take([each for each in due if not each.is_late(at)], channel, provider, at)
    _refuse([each for each in due if each.pk not in taken], channel)
    return _with_contents(Message.objects.filter(pk__in=taken).order_by("lane", "next_attempt_at", "pk"))


def _with_contents(claimed: MessageQuerySet) -> list[Message]:
    """With contacts and contents; what many of them have in common comes once."""
    messages = list(claimed.select_related("contact", "rendered"))
    written = WrittenContent.objects.in_bulk({each.written_id for each in messages if each.written_id})
    lists = ContactList.objects.in_bulk({each.contact.contact_list_id for each in messages})
    sources = Source.objects.in_bulk({each.contact.source_id for each in messages if each.contact.source_id})
    for each in messages:
        each.written = written.get(each.written_id or 0)
        each.contact.contact_list = lists[each.contact.contact_list_id]
        each.contact.source = sources.get(each.contact.source_id or 0)
    return messages


def _due(channel: Channel, most: int, at: datetime.datetime) -> list[Message]:
    """By lanes, each a range of the index from its beginning."""
    found: list[Message] = []
    for lane in Lane:
        if len(found) < most:
            rows = Message.objects.due(channel, at).filter(lane=lane).only("pk", "contact_id", "not_after")
            found += rows.select_for_update(skip_locked=True)[: most - len(found)]
    return found


_TAKE = """
    UPDATE messaging_message
    SET state = 'sending', fence = fence + 1, lease_until = %s, called_at = NULL, provider = %s
    WHERE id = ANY(%s) AND contact_id IN ({} AND "contacts_contact"."id" = ANY(%s)) RETURNING id
"""


def _take(due: Collection[Message], channel: Channel, provider: Provider, at: datetime.datetime) -> set[int]:
    """Those of them whose contacts may be written to."""
    if not due:
        return set()
    until = at + datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    may, parameters = may_be_written_to(channel)
    ids, contact_ids = [each.pk for each in due], list({each.contact_id for each in due})
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(may), [until, provider.name, ids, *parameters, contact_ids])
        return {pk for (pk,) in cursor.fetchall()}


def _refuse(messages: Collection[Message], channel: Channel) -> None:
    """Ends those that are too late, or whose contact may not be written to; by itself, as contacts are held first."""
    if not messages:
        return
    with transaction.atomic():
        there = hold_many({each.contact_id for each in messages})
        at = now()
        rows = Contact.objects.filter(pk__in=there).annotate(closed=may_send(channel))
        reasons = dict(rows.values_list("pk", "closed"))
        waiting = Message.objects.filter(pk__in=[each.pk for each in messages], state=State.QUEUED)
        for each in waiting.with_all().select_for_update(skip_locked=True, of=("self",)):
            if each.is_late(at):
                expire(each, at)
            elif closed := reasons.get(each.contact_id):
                skip(each, Closed(closed[0]), at)


def skip(message: Message, reason: Closed, at: datetime.datetime) -> None:
    """Ends a message whose contact, which the caller holds, may not be written to."""
    _end(message, State.SKIPPED, Telling.REJECTED, str(CLOSED[reason]), at)


def expire(message: Message, at: datetime.datetime) -> None:
    """Ends a message that was to be sent earlier or not at all; the caller holds its contact."""
    _end(message, State.EXPIRED, Telling.EXPIRED, str(TOO_LATE), at)


def _end(message: Message, state: State, telling: Telling, words: str, at: datetime.datetime) -> None:
    Message.objects.filter(pk=message.pk).update(state=state, words=words, lease_until=None)
    feed.tell(feed.told(message, telling, at=at, words=words))
