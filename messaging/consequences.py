"""What follows for the permission to send from what is told of a message. Nothing here opens a channel."""

from activity.audit import Actor
from activity.catalogue import Channel
from messaging.holding import hold_many
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
    if listed := _list_for(message, telling):
        kind, reason = listed
        blacklists.add(
            kind=kind, address=message.address, reason=reason, actor=actor, door=Door.PROVIDER, note=words[:200]
        )


def hold_for(message: Message, telling: Telling) -> bool:
    """Holds the message's contact for what will follow, before its message is held; whether it is still there.

    Where the address will be listed, all who have it are held, at once and in the order that all hold them in: two
    who bounce at the same address would wait for each other if each held its own first.
    """
    listed = _list_for(message, telling)
    others = blacklists.concerned(kind=listed[0], address=message.address) if listed else []
    return message.contact_id in hold_many([message.contact_id, *others], to_change=True)


def _list_for(message: Message, telling: Telling) -> tuple[Blacklist, Reason] | None:
    kind = BLACKLISTS.get(Channel(message.channel))
    reason = _LISTS[kind].get(telling) if kind else None
    return (kind, reason) if kind and reason and message.address else None
