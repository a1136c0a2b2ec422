"""Browsers join and leave a contact's pushes. A channel is subscribed with its first browser and ends with its last.

The channel's address (`Subscription.address`) names the browsers that are there: none, and nothing can be sent.
"""

import datetime
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity.audit import Actor
from activity.catalogue import Channel
from contacts.models import Contact
from messaging.content.push import PUSH_CHANNELS
from messaging.holding import hold, hold_many
from messaging.models import PushSubscription
from messaging.providers.labels import label_of
from messaging.providers.webpush.tokens import Joining
from subscriptions import consent
from subscriptions.facts import Door, State
from subscriptions.links import RECIPIENT
from subscriptions.models import Subscription
from subscriptions.policy import can_receive

# Of one contact on one channel: whoever has more has left most of them behind.
MOST = 10


class Stale(Exception):
    """The person has left since the token was signed, or is no longer there: nothing changes."""


@dataclass(frozen=True)
class Browser:
    """What a browser that joins is: its endpoint and keys (see `PushSubscription`), which channel, and its name."""

    endpoint: str
    p256dh: bytes
    auth: bytes
    channel: Channel
    agent: str


@transaction.atomic
def join(browser: Browser, joining: Joining, *, wording: str, ip: str | None) -> bool:
    """Sends the contact's pushes to a browser too; returns whether that changed anything. Raises `Stale`.

    `wording`: what the person agreed to, beside the browser's own question.
    """
    row = _held(browser.endpoint, joining.contact_id)
    contact = Contact.objects.filter(pk=joining.contact_id).first()
    if contact is None or _has_left(contact, joining, row):
        raise Stale
    if row and _is_same(row, contact, browser):
        return False
    if row and row.contact_id != contact.pk and row.expired_at is None:
        _expire(row, because=_("Somebody else has joined with this browser."), actor=_person(ip), door=Door.CHANNEL)
    values = vars(browser) | {"contact": contact, "since": now(), "expired_at": None, "expired_because": ""}
    PushSubscription.objects.update_or_create(endpoint=browser.endpoint, defaults=values)
    if row and row.contact_id == contact.pk and row.channel != browser.channel:
        _end_if_last(contact, Channel(row.channel), because="", actor=_person(ip), door=Door.CHANNEL)
    _let_oldest_go(contact, browser.channel)
    address = _address(contact.pk, browser.channel)
    consent.opt_in(contact=contact, channel=browser.channel, actor=_person(ip), wording=wording, address=address)
    return True


@transaction.atomic
def leave(row: PushSubscription, *, ip: str | None) -> bool:
    """The person wants nothing in this browser any more; returns whether that changed anything."""
    found = _held(row.endpoint, row.contact_id)
    if found is None or found.contact_id != row.contact_id or found.expired_at:
        return False
    _expire(found, because=_LEFT, actor=_person(ip), door=Door.CHANNEL)
    return True


@transaction.atomic
def expire(row: PushSubscription, *, because: str) -> bool:
    """The push service knows the browser no more; returns whether that is news. `row` as it was when it was asked."""
    found = _held(row.endpoint, row.contact_id)
    if found is None or found.expired_at or (found.contact_id, found.since) != (row.contact_id, row.since):
        return False
    _expire(found, because=because, actor=Actor(name=label_of("webpush")), door=Door.PROVIDER)
    return True


def gets(row: PushSubscription) -> bool:
    """Whether pushes may go to a browser at this moment, if it is still there as `row` has it."""
    with transaction.atomic(), connection.cursor() as cursor:
        # A call has its time: rather this browser does without than that the message is taken for lost.
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        hold(row.contact_id, to_change=True)
        may = can_receive(Contact.objects.filter(pk=row.contact_id), Channel(row.channel))
        there = PushSubscription.objects.live(row.contact_id, Channel(row.channel))
        return may.exists() and there.filter(pk=row.pk, since=row.since).exists()


_LEFT = "The person left in this browser."


def _held(endpoint: str, contact_id: int) -> PushSubscription | None:
    """The row of an endpoint; its contact and the given one are held, so nobody else changes their consent."""
    known = PushSubscription.objects.filter(endpoint=endpoint)
    hold_many({contact_id, *known.values_list("contact_id", flat=True)}, to_change=True)
    return known.select_for_update().first()


def _has_left(contact: Contact, joining: Joining, row: PushSubscription | None) -> bool:
    """Since the token was signed, on whichever channel of pushes: an old link brings nobody back."""
    left = Subscription.objects.filter(contact=contact, channel__in=PUSH_CHANNELS, state=State.UNSUBSCRIBED)
    # Tokens tell whole seconds: within the same one, in doubt the person has left after it. A browser that its service
    # knows no more is nobody's wish.
    if left.exclude(door=Door.PROVIDER).filter(since__gte=joining.at).exists():
        return True
    own = row is not None and row.contact_id == contact.pk
    return own and row.expired_because == _LEFT and row.expired_at >= joining.at  # type: ignore[union-attr,operator]


def _is_same(row: PushSubscription, contact: Contact, browser: Browser) -> bool:
    kept = (row.contact_id, row.channel, bytes(row.p256dh), bytes(row.auth), row.expired_at)
    live = Subscription.objects.filter(contact=contact, channel=browser.channel, state=State.SUBSCRIBED)
    return kept == (contact.pk, browser.channel, browser.p256dh, browser.auth, None) and live.exists()


def _expire(row: PushSubscription, *, because: str, actor: Actor, door: Door) -> None:
    at = now()
    PushSubscription.objects.filter(pk=row.pk).update(expired_at=at, expired_because=because[:200])
    _end_if_last(row.contact, Channel(row.channel), because=because, actor=actor, door=door)


def _end_if_last(contact: Contact, channel: Channel, *, because: str, actor: Actor, door: Door) -> None:
    address = _address(contact.pk, channel)
    Subscription.objects.filter(contact=contact, channel=channel).update(address=address)
    if not address:
        consent.unsubscribe(contact=contact, channel=channel, actor=actor, door=door, reason=because)


def _let_oldest_go(contact: Contact, channel: Channel) -> None:
    live = PushSubscription.objects.live(contact.pk, channel).order_by("-since")
    kept = list(live.values_list("pk", flat=True)[:MOST])
    live.exclude(pk__in=kept).update(expired_at=now(), expired_because=_("Too many browsers."))


def _address(contact_id: int, channel: Channel) -> str:
    """Such as “Chrome on Windows #12, Firefox on Linux #15”."""
    return ", ".join(map(str, PushSubscription.objects.live(contact_id, channel)))


def _person(ip: str | None) -> Actor:
    return Actor(name=RECIPIENT, ip=ip)


def touched(pk: int, at: datetime.datetime) -> None:
    """Notes that a push was taken for a browser."""
    PushSubscription.objects.filter(pk=pk).update(last_used_at=at)
