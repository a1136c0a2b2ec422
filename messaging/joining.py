"""The link by which a person comes to the channels that begin with the person: a page with a way into each bot."""

import time
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.providers.joining import contact_of, token_of
from messaging.providers.telegram import links as telegram
from messaging.providers.viber import links as viber

# Channel: the way in for a contact as of a time, "" where none is set up.
_WAYS: dict[Channel, Callable[[int, int], str]] = {
    Channel.TELEGRAM: telegram.join_url,
    Channel.VIBER: viber.join_url,
}
_PAGE = "join"


def ways_in(contact_id: int, at: int) -> dict[Channel, str]:
    """The addresses that open the bots for this contact as of `at` (seconds since 1970), of channels that have one."""
    found = ((channel, way(contact_id, at)) for channel, way in _WAYS.items())
    return {channel: url for channel, url in found if url}


def join_link(contact: Contact) -> str:
    """The whole address of the contact's page, as of now; "" where no channel can be joined."""
    at = int(time.time())
    token = token_of(contact.pk, _PAGE, at)
    return f"{settings.SITE_URL}{reverse('join', args=[token])}" if ways_in(contact.pk, at) else ""


def contact_behind(token: str) -> tuple[int, int] | None:
    """Whose page it is, and since when: its ways in are no younger. None for what nobody has signed or is too old."""
    return contact_of(token, _PAGE)
