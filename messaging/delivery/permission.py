"""The one predicate of who may be written to (`subscriptions.policy`) as SQL, put together once a channel: for Django
that takes longer than running it."""

from functools import cache

from django.conf import settings

from activity.catalogue import Channel
from activity.prepared import written_out
from contacts.models import Contact
from subscriptions.policy import can_receive


def may_be_written_to(channel: Channel) -> str:
    """A query of ids of contacts, as part of a statement: conditions on "contacts_contact" can stand behind it."""
    return _query(channel, settings.DIGEST_KEY)


@cache
def _query(channel: Channel, _key: bytes) -> str:
    return written_out(can_receive(Contact.objects.all(), channel).values("pk"))
