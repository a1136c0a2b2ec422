"""The last look before a provider is called: who has left since the claim is not written to.

The contact's row is held against whoever changes consent, so each change either comes first and is seen here, or comes
after the call has begun. That it has begun is on the disk before anything of it leaves.
"""

import datetime
from functools import cache

from django.conf import settings
from django.utils.timezone import now

from activity.catalogue import Channel
from activity.prepared import Prepared
from messaging.delivery.closing import end_closed
from messaging.delivery.permission import may_be_written_to
from messaging.models import Message
from subscriptions.facts import ADDRESSES

# One turn and one transaction, but two statements: the second sees what was committed while the first one waited.
_HOLD = "SELECT FROM contacts_contact WHERE id = %(contact)s FOR SHARE;"
# Prepared, as planning takes four times as long as the doing.
_BEGIN = """
    UPDATE messaging_message SET called_at = %(at)s, address = %(address)s, rendered_id = %(rendered)s,
        lease_until = CASE WHEN lease_until > %(enough)s THEN lease_until ELSE %(until)s END
    WHERE id = %(message)s AND fence = %(fence)s AND state = 'sending' AND (not_after IS NULL OR not_after > %(at)s)
        AND contact_id IN ({may} AND "contacts_contact"."id" = %(contact)s AND {is_its})
"""
_OWN_ADDRESS = """EXISTS (SELECT FROM subscriptions_subscription AS own
    WHERE own.contact_id = "contacts_contact"."id" AND own.channel = {:d} AND own.address = %(address)s)"""
# A lease of which so much is left outlasts the call (`messaging.providers.deadline`); an unchanged one is cheap.
_ENOUGH = 2 / 3


def enter(message: Message, address: str) -> bool:
    """Whether this is the contact's address still, and may be written to at this moment; then the call has begun.

    Else the message has ended with its reason, or waits again where only the address has changed.
    """
    at, channel = now(), Channel(message.channel)
    lease = datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    has_begun = _begin(may_be_written_to(channel), channel).count(
        message=message.pk,
        fence=message.fence,
        contact=message.contact_id,
        address=address,
        rendered=message.rendered_id,
        at=at,
        enough=at + lease * _ENOUGH,
        until=at + lease,
    )
    if has_begun:
        message.called_at, message.address = at, address
        return True
    end_closed([message], channel)
    return False


@cache
def _begin(may: str, channel: Channel) -> Prepared:
    own = _OWN_ADDRESS.format(channel)
    is_its = f'"contacts_contact"."{ADDRESSES[channel]}" = %(address)s' if channel in ADDRESSES else own
    return Prepared(_BEGIN.format(may=may, is_its=is_its), before=_HOLD)
