"""What can be done to the permission of many contacts at once: the verbs of one, contact by contact."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel
from activity.labels import CHANNELS
from contacts.bulk.actions import Action, Done
from contacts.digests import digest
from contacts.models import Contact
from subscriptions import blacklists
from subscriptions.actions import ACTIVATE, ADD_TO, DEACTIVATE, REMOVE_FROM
from subscriptions.activation import activate, deactivate
from subscriptions.blacklists import Listing
from subscriptions.consent import subscribe, unsubscribe
from subscriptions.facts import LISTED, Blacklist, Door, Reason
from subscriptions.models import BlacklistEntry
from subscriptions.records import Refused

Verb = Callable[..., bool]

_STATUS, _SUBSCRIBE, _UNSUBSCRIBE, _BLACKLISTS = (
    _("Status"),
    _("Subscribe to"),
    _("Unsubscribe from"),
    _("Black lists"),
)


def each(verb: Verb, ids: Sequence[int], actor: Actor, reason: str) -> Done:
    """Does it to contacts one by one, in the order in which contacts are always held."""
    changed = unchanged = refused = 0
    for contact in Contact.objects.filter(pk__in=ids).order_by("pk"):
        with suppress(Contact.DoesNotExist):
            try:
                if verb(contact=contact, actor=actor, door=Door.PAGE, reason=reason):
                    changed += 1
                else:
                    unchanged += 1
            except Refused:
                refused += 1
    return Done(changed, unchanged, refused)


def add_to(kind: Blacklist, ids: Sequence[int], actor: Actor, reason: str) -> Done:
    """Lists the contacts' addresses. Who has none is refused."""
    addresses = _addresses(kind, ids)
    listings = [Listing(address, Reason.MANUAL, reason) for address in addresses if address]
    changed = blacklists.add_many(kind=kind, listings=listings, actor=actor, door=Door.PAGE)
    return Done(changed, len(listings) - changed, len(addresses) - len(listings))


def remove_from(kind: Blacklist, ids: Sequence[int], actor: Actor, reason: str) -> Done:
    """Takes the contacts' addresses off. Who has none is refused."""
    addresses = _addresses(kind, ids)
    digests = [digest(address) for address in addresses if address]
    entries = BlacklistEntry.objects.filter(kind=kind, digest__in=digests).order_by("pk")
    changed = sum(blacklists.remove(entry=entry, actor=actor, door=Door.PAGE, reason=reason) for entry in entries)
    return Done(changed, len(digests) - changed, len(addresses) - len(digests))


def _addresses(kind: Blacklist, ids: Sequence[int]) -> list[str | None]:
    return list(Contact.objects.filter(pk__in=ids).order_by("pk").values_list(LISTED[kind], flat=True))


def actions() -> list[Action]:
    """All of them, in the order in which they are offered."""
    return [
        Action(
            "activate",
            _("Activate"),
            ACTIVATE.permission,
            _("They can receive from the channels they are subscribed to. Channels stay as they are."),
            partial(each, activate),
            group=_STATUS,
        ),
        Action(
            "deactivate",
            _("Deactivate"),
            DEACTIVATE.permission,
            _("Nothing at all is sent to them, until they are activated again. Channels stay as they are."),
            partial(each, deactivate),
            group=_STATUS,
        ),
        *(_unsubscribing(channel) for channel in MESSAGE_CHANNELS),
        *(_subscribing(channel) for channel in MESSAGE_CHANNELS),
        *(_adding(kind) for kind in Blacklist),
        *(_removing(kind) for kind in Blacklist),
    ]


def _unsubscribing(channel: Channel) -> Action:
    return Action(
        f"unsubscribe-{channel.slug}",
        CHANNELS[channel],
        "subscriptions.change_subscription",
        _("Nothing is sent to them by this channel. Only with their own consent can they be subscribed again."),
        partial(each, partial(unsubscribe, channel=channel)),
        group=_UNSUBSCRIBE,
        title=format_lazy(_("Unsubscribe from {channel}"), channel=CHANNELS[channel]),
    )


def _subscribing(channel: Channel) -> Action:
    return Action(
        f"subscribe-{channel.slug}",
        CHANNELS[channel],
        "subscriptions.change_subscription",
        _(
            "Those who were never subscribed can receive by this channel. Whoever has opted out stays unsubscribed, and"
            " so do those who have to begin by the channel itself: they are counted as refused."
        ),
        partial(each, partial(subscribe, channel=channel)),
        group=_SUBSCRIBE,
        title=format_lazy(_("Subscribe to {channel}"), channel=CHANNELS[channel]),
    )


def _adding(kind: Blacklist) -> Action:
    return Action(
        f"blacklist-{kind.name.lower()}",
        ADD_TO[kind],
        "subscriptions.add_blacklistentry",
        _("Nothing is sent to their addresses, whoever has them, now and later. Subscriptions stay as they are."),
        partial(add_to, kind),
        group=_BLACKLISTS,
    )


def _removing(kind: Blacklist) -> Action:
    return Action(
        f"unblacklist-{kind.name.lower()}",
        REMOVE_FROM[kind],
        "subscriptions.delete_blacklistentry",
        _("Those who are subscribed and active can receive again. Nobody is subscribed by this."),
        partial(remove_from, kind),
        group=_BLACKLISTS,
    )
