"""What tests of consent have in common."""

import datetime
from typing import Any

from activity.audit import Actor
from activity.catalogue import Channel
from contacts.models import Contact
from subscriptions import consent
from subscriptions.facts import Door
from subscriptions.policy import Closed, verdicts
from subscriptions.records import Evidence

EVIDENCE = Evidence(
    source="Letter to support",
    at=datetime.datetime(2026, 11, 1, 9, tzinfo=datetime.UTC),
    wording="Please send me your letters again.",
)
ASKED: dict[str, Any] = {"reason": "Asked by email.", "evidence": EVIDENCE}
_HAND: dict[str, Any] = {"actor": Actor(), "door": Door.PAGE}


def subscribe(contact: Contact, channel: Channel = Channel.EMAIL, **more: Any) -> bool:
    return consent.subscribe(contact=contact, channel=channel, **_HAND | more)


def unsubscribe(contact: Contact, channel: Channel = Channel.EMAIL, **more: Any) -> bool:
    return consent.unsubscribe(contact=contact, channel=channel, **_HAND | more)


def opt_in(contact: Contact, channel: Channel, **more: Any) -> bool:
    defaults: dict[str, Any] = {"actor": Actor(name="Telegram"), "wording": "Start the bot", "address": "chat-1"}
    return consent.opt_in(contact=contact, channel=channel, **defaults | more)


def closed(contact: Contact, channel: Channel = Channel.EMAIL) -> list[Closed]:
    return list(verdicts(contact.pk)[channel].reasons)
