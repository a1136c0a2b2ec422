"""The one predicate of who may be written to (`subscriptions.policy`) as SQL, put together once a channel: for Django
that takes longer than running it."""

from functools import cache
from typing import Any

from django.conf import settings

from activity.catalogue import Channel
from contacts.models import Contact
from subscriptions.policy import can_receive


def may_be_written_to(channel: Channel) -> tuple[str, tuple[Any, ...]]:
    """A query of ids of contacts, which conditions on "contacts_contact" can stand behind, and its parameters."""
    return _statement(channel, settings.DIGEST_KEY)


@cache
def _statement(channel: Channel, _key: bytes) -> tuple[str, tuple[Any, ...]]:
    sql, parameters = can_receive(Contact.objects.all(), channel).values("pk").query.sql_with_params()
    return sql, tuple(parameters)
