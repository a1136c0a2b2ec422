"""The last look before a provider is called: who has left since the claim is not written to.

The contact's row is held against whoever changes consent, so each change either comes first and is seen here, or comes
after the call has begun.
"""

import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import now

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.delivery.claim import expire, skip
from messaging.delivery.outgoing import account_of
from messaging.delivery.permission import may_be_written_to
from messaging.models import Message
from subscriptions.facts import ADDRESSES
from subscriptions.policy import Closed, may_send

_HOLD = "SELECT email, phone FROM contacts_contact WHERE id = %s FOR SHARE"
_BEGIN = """
    UPDATE messaging_message SET called_at = %s, address = %s, rendered_id = %s, lease_until = %s
    WHERE id = %s AND fence = %s AND state = 'sending' AND (not_after IS NULL OR not_after > %s)
        AND contact_id IN ({} AND "contacts_contact"."id" = %s)
"""


@transaction.atomic
def enter(message: Message) -> bool:
    """Whether the address, which the message then has, may be written to at this moment; then the call has begun."""
    address = _held_address(message)
    if address is None:
        return False
    at, channel = now(), Channel(message.channel)
    until = at + datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    may, parameters = may_be_written_to(channel)
    with connection.cursor() as cursor:
        claimed = (message.pk, message.fence, at, *parameters, message.contact_id)
        cursor.execute(_BEGIN.format(may), [at, address, message.rendered_id, until, *claimed])
        if cursor.rowcount:
            message.called_at, message.address = at, address
            return True
    if Message.objects.held(message.pk, message.fence).exists():
        _refuse(message, channel, at)
    return False


def _refuse(message: Message, channel: Channel, at: datetime.datetime) -> None:
    closed = Contact.objects.filter(pk=message.contact_id).values_list(may_send(channel), flat=True).first()
    if message.is_late(at):
        expire(message, at)
    elif closed:
        skip(message, Closed(closed[0]), at)


def _held_address(message: Message) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [message.contact_id])
        row = cursor.fetchone()
    if row is None:
        return None  # erased a moment ago, and the message with the contact
    channel = Channel(message.channel)
    if channel in ADDRESSES:
        return {"email": row[0], "phone": row[1]}[ADDRESSES[channel]] or ""
    return account_of(message)
