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
from messaging.delivery.claim import skip
from messaging.models import Message
from subscriptions.facts import ADDRESSES
from subscriptions.models import Subscription
from subscriptions.policy import Closed, can_receive, may_send

_HOLD = "SELECT email, phone FROM contacts_contact WHERE id = %s FOR SHARE"


@transaction.atomic
def enter(message: Message) -> str | None:
    """The address that may be written to at this moment, and the call has begun; None where it must not be made."""
    address = _held_address(message)
    if address is None:
        return None
    at, channel = now(), Channel(message.channel)
    may = can_receive(Contact.objects.filter(pk=message.contact_id), channel)
    mine = Message.objects.held(message.pk, message.fence)
    begun = mine.filter(contact__in=may).update(
        called_at=at,
        address=address,
        rendered=message.rendered,
        lease_until=at + datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS),
    )
    if begun:
        message.called_at, message.address = at, address
        return address
    closed = Contact.objects.filter(pk=message.contact_id).values_list(may_send(channel), flat=True).first()
    if closed and mine.exists():
        skip(message, Closed(closed[0]), at)
    return None


def _held_address(message: Message) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [message.contact_id])
        row = cursor.fetchone()
    if row is None:
        return None  # erased a moment ago, and the message with the contact
    channel = Channel(message.channel)
    if channel in ADDRESSES:
        return {"email": row[0], "phone": row[1]}[ADDRESSES[channel]] or ""
    own = Subscription.objects.filter(contact_id=message.contact_id, channel=channel)
    return own.values_list("address", flat=True).first() or ""
