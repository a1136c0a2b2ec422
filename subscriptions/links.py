"""Links by which people leave a channel without signing in: whoever has the link may use it, and nobody can make one.

They are signed by a key of `DIGEST_KEY`, since messages are read long after other keys have changed.
"""

import hmac
from functools import cache, lru_cache
from typing import NamedTuple, Self

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from activity.audit import Actor
from activity.catalogue import Channel
from activity.labels import CHANNELS
from contacts.models import Contact
from subscriptions import blacklists, consent
from subscriptions.facts import ADDRESSES, BLACKLISTS, Blacklist, Door, Reason
from subscriptions.records import held

# The name under which the changes are kept.
RECIPIENT = "the recipient"


class Link(NamedTuple):
    """What a link says: whose it is, and of which channel."""

    contact_id: int
    channel: Channel

    @classmethod
    def read(cls, token: str) -> Self | None:
        """None for what nobody has signed."""
        try:
            contact_id, _dash, channel = _signer().unsign(token).partition("-")
        except BadSignature:
            return None
        return cls(int(contact_id), Channel(int(channel)))

    @property
    def url(self) -> str:
        """The whole address, for messages."""
        return f"{settings.SITE_URL}{_path().format(_token(self, settings.DIGEST_KEY))}"


def leave(contact: Contact, channels: tuple[Channel, ...], *, ip: str | None) -> None:
    """The person wants nothing by these channels any more."""
    with transaction.atomic():
        for channel in channels:
            consent.unsubscribe(contact=contact, channel=channel, actor=Actor(name=RECIPIENT, ip=ip), door=Door.LINK)


def come_back(contact: Contact, channel: Channel, *, ip: str | None) -> None:
    """The person wants a channel again, which its page has offered in these words."""
    words = back_words(channel)
    consent.opt_in(contact=contact, channel=channel, actor=Actor(name=RECIPIENT, ip=ip), wording=words, door=Door.LINK)


@transaction.atomic
def one_click(contact: Contact, channel: Channel, *, ip: str | None) -> None:
    """A mail program leaves for the person (RFC 8058): the address is not written to any more, whoever has it."""
    now_ = held(contact.pk)
    leave(now_, (channel,), ip=ip)
    address = getattr(now_, ADDRESSES[channel]) if channel in ADDRESSES else None
    if address and BLACKLISTS[channel] is Blacklist.EMAIL:
        blacklists.add(
            kind=Blacklist.EMAIL,
            address=address,
            reason=Reason.LIST_UNSUBSCRIBE,
            actor=Actor(name=RECIPIENT, ip=ip),
            door=Door.LINK,
        )


def back_words(channel: Channel) -> str:
    return _("Get %(channel)s again") % {"channel": CHANNELS[channel]}


@cache
def _path() -> str:
    """With a place for the token, which needs no quoting: Django is long in finding addresses."""
    return reverse("leave", args=["0-0.0"]).replace("0-0.0", "{}")


@lru_cache(maxsize=256)  # a mail has it in its text and in its head
def _token(link: Link, key: bytes) -> str:
    return _keyed(key).sign(f"{link.contact_id}-{link.channel.value}")


def _signer() -> Signer:
    return _keyed(settings.DIGEST_KEY)


@cache
def _keyed(key: bytes) -> Signer:
    return Signer(key=hmac.digest(key, b"links", "sha256").hex(), sep=".", salt="leave")
