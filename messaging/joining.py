"""The link by which a person comes to the channels that begin with the person: a page with a way into each bot."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.providers.joining import contact_of, token_of
from messaging.providers.telegram import links as telegram
from messaging.providers.viber import links as viber

# Channel: the way in for a contact, "" where none is set up.
_WAYS: dict[Channel, Callable[[int], str]] = {
    Channel.TELEGRAM: telegram.join_url,
    Channel.VIBER: viber.join_url,
}
_PAGE = "join"


def ways_in(contact_id: int) -> dict[Channel, str]:
    """The addresses that open the bots for this contact, of channels that have one."""
    found = ((channel, way(contact_id)) for channel, way in _WAYS.items())
    return {channel: url for channel, url in found if url}


def join_link(contact: Contact) -> str:
    """The whole address of the contact's page; "" where no channel can be joined."""
    return f"{settings.SITE_URL}{reverse('join', args=[token_of(contact.pk, _PAGE)])}" if ways_in(contact.pk) else ""


def contact_behind(token: str) -> int | None:
    """Whose page it is; None for what nobody has signed."""
    return contact_of(token, _PAGE)
