"""What follows for the permission to send from what is told of a message. Nothing here opens a channel."""

from activity.audit import Actor
from activity.catalogue import Channel
from messaging.models import Message
from messaging.providers.labels import label_of
from messaging.tellings import Telling
from subscriptions import blacklists, consent
from subscriptions.facts import ADDRESSES, BLACKLISTS, Blacklist, Door, Reason

_LISTS: dict[Blacklist, dict[Telling, Reason]] = {
    Blacklist.EMAIL: {Telling.HARD: Reason.HARD_BOUNCE, Telling.COMPLAINED: Reason.COMPLAINT},
    Blacklist.PHONE: {Telling.HARD: Reason.UNDELIVERABLE},
    Blacklist.VIBER: {Telling.HARD: Reason.INVALID, Telling.COMPLAINED: Reason.SPAM},
}


def follow(message: Message, telling: Telling, *, words: str = "", left: bool = False) -> None:
    """In the transaction that keeps the telling. The address is the one that the message went to."""
    channel = Channel(message.channel)
    actor = Actor(name=label_of(message.provider))
    # A chat or an endpoint that bounces for good is nobody's any more.
    if left or telling is Telling.UNSUBSCRIBED or (telling is Telling.HARD and channel not in ADDRESSES):
        consent.unsubscribe(contact=message.contact, channel=channel, actor=actor, door=Door.PROVIDER, reason=words)
    kind = BLACKLISTS.get(channel)
    reason = _LISTS[kind].get(telling) if kind else None
    if kind and reason and message.address:
        blacklists.add(
            kind=kind, address=message.address, reason=reason, actor=actor, door=Door.PROVIDER, note=words[:200]
        )
