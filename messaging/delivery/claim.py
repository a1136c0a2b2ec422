"""Takes what is due for this worker, and decides there and then on what may not be sent."""

import datetime
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.timezone import now

from activity.catalogue import Channel
from activity.prepared import Given, Prepared, written_out
from contacts.models import Contact, ContactList, Source
from messaging.delivery import pace
from messaging.delivery.closing import end_closed
from messaging.delivery.permission import may_be_written_to
from messaging.models import Lane, Message, RenderedContent, WrittenContent
from messaging.providers.interface import Provider


class Claim(NamedTuple):
    """`messages` are this worker's until their lease runs out; `found` counts those also that ended instead."""

    messages: list[Message]
    found: int


def claim(channel: Channel, provider: Provider, *, most: int) -> Claim:
    """Takes what is due, `most` at most. What may not be sent ends here, with the reason."""
    with transaction.atomic():
        at = now()
        count = pace.allowed(provider, most)
        due = _due(channel, count, at) if count else []
        taken = _take([each for each in due if not each.is_late(at)], channel, provider, at)
    ids = {each.pk for each in taken}
    if others := [each for each in due if each.pk not in ids]:
        end_closed(others, channel)  # by itself, as contacts are held first
    return Claim(_with_contents(taken), len(due))


def _with_contents(messages: list[Message]) -> list[Message]:
    """With contacts and contents; what many of them have in common comes once."""
    contacts = Contact.objects.in_bulk({each.contact_id for each in messages})
    written = WrittenContent.objects.in_bulk({each.written_id for each in messages if each.written_id})
    rendered = RenderedContent.objects.in_bulk({each.rendered_id for each in messages if each.rendered_id})
    lists = ContactList.objects.in_bulk({each.contact_list_id for each in contacts.values()})
    sources = Source.objects.in_bulk({each.source_id for each in contacts.values() if each.source_id})
    for contact in contacts.values():
        contact.contact_list = lists[contact.contact_list_id]
        contact.source = sources.get(contact.source_id or 0)
    there = [each for each in messages if each.contact_id in contacts]  # others were erased a moment ago
    for each in there:
        each.contact = contacts[each.contact_id]
        each.written = written.get(each.written_id or 0)
        each.rendered = rendered.get(each.rendered_id or 0)
    return there


def _due(channel: Channel, most: int, at: datetime.datetime) -> list[Message]:
    """By lanes, each a range of the index from its beginning."""
    found: list[Message] = []
    for lane in Lane:
        if len(found) < most:
            found += _waiting(channel, lane).objects(Message, at=at, most=most - len(found))
    return found


@cache
def _waiting(channel: Channel, lane: Lane) -> Prepared:
    rows = Message.objects.due(channel, Given("at")).filter(lane=lane)
    first = written_out(rows.only("pk", "contact_id", "not_after", "state", "fence"))
    return Prepared(f"{first} LIMIT %(most)s FOR UPDATE SKIP LOCKED", planning={"enable_sort": "off"})


_TAKE = """
    UPDATE messaging_message
    SET state = 'sending', fence = fence + 1, lease_until = %(until)s, called_at = NULL, provider = %(provider)s
    WHERE id = ANY(%(messages)s) AND contact_id IN ({may} AND "contacts_contact"."id" = ANY(%(contacts)s))
    RETURNING {columns}
"""


def _take(due: Collection[Message], channel: Channel, provider: Provider, at: datetime.datetime) -> list[Message]:
    """Those of them whose contacts may be written to."""
    if not due:
        return []
    until = at + datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    taken = _taking(may_be_written_to(channel)).objects(
        Message,
        until=until,
        provider=provider.name,
        messages=[each.pk for each in due],
        contacts=list({each.contact_id for each in due}),
    )
    return sorted(taken, key=lambda each: (each.lane, each.next_attempt_at, each.pk))


@cache
def _taking(may: str) -> Prepared:
    # By name: a statement with * ends with an error when a column is added.
    columns = ", ".join(str(field.column) for field in Message._meta.concrete_fields)
    return Prepared(_TAKE.format(may=may, columns=columns))
