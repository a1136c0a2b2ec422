"""What an account of a shop sends, what becomes of it, and what else happens to its contacts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from activity.catalogue import Channel, Origin, Status

# One encoder for all: making one takes longer than using it.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_S = Status
# Channel → how its messages end, and how many of a thousand.
JOURNEYS: dict[Channel, dict[tuple[Status, ...], int]] = {
    Channel.EMAIL: {
        (_S.DELIVERED,): 548,
        (_S.DELIVERED, _S.OPEN): 250,
        (_S.DELIVERED, _S.OPEN, _S.OPEN): 40,
        (_S.DELIVERED, _S.OPEN, _S.CLICK): 85,
        (_S.DELIVERED, _S.OPEN, _S.CLICK, _S.CLICK): 20,
        (_S.SOFT, _S.DELIVERED): 12,
        (_S.SOFT, _S.SOFT): 6,
        (_S.HARD,): 12,
        (_S.REJECT,): 12,
        (_S.DELIVERED, _S.COMPLAINT): 5,
        (_S.DELIVERED, _S.OPEN, _S.EMAIL_UNSUBSCRIBED): 10,
    },
    Channel.SMS: {(_S.DELIVERED,): 820, (_S.DELIVERED, _S.CLICK): 120, (_S.FAIL,): 40, (_S.REJECT,): 20},
    Channel.TELEGRAM: {
        (_S.DELIVERED,): 350,
        (_S.DELIVERED, _S.OPEN): 470,
        (_S.DELIVERED, _S.OPEN, _S.CLICK): 150,
        (_S.FAILED,): 30,
    },
    Channel.DESKTOP_WEBPUSH: {
        (_S.DELIVERED,): 590,
        (_S.DELIVERED, _S.DISMISSED): 160,
        (_S.DELIVERED, _S.OPEN): 90,
        (_S.DELIVERED, _S.OPEN, _S.CLICK): 60,
        (_S.EXPIRED,): 60,
        (_S.UNDELIVERED,): 40,
    },
    Channel.MOBILE_WEBPUSH: {
        (_S.DELIVERED,): 500,
        (_S.DELIVERED, _S.DISMISSED): 230,
        (_S.DELIVERED, _S.OPEN): 110,
        (_S.DELIVERED, _S.OPEN, _S.CLICK): 80,
        (_S.EXPIRED,): 50,
        (_S.UNDELIVERED,): 30,
    },
    Channel.VIBER: {
        (_S.DELIVERED,): 300,
        (_S.DELIVERED, _S.OPEN): 480,
        (_S.DELIVERED, _S.OPEN, _S.CLICK): 130,
        (_S.FAIL,): 30,
        (_S.REJECT,): 20,
        (_S.EXPIRED,): 40,
    },
}
# What the provider, or the person's device, says with a status.
_WORDS: dict[Status, dict[str, str]] = {
    _S.OPEN: {"device": "Mobile"},
    _S.CLICK: {"url": "https://shop.example.com/boots"},
    _S.COMPLAINT: {"words": "abuse"},
    _S.SOFT: {"words": "452 4.2.2 The recipient's mailbox is full"},
    _S.HARD: {"words": "550 5.1.1 No such user here"},
    _S.REJECT: {"words": "Refused before sending"},
    _S.FAIL: {"words": "Absent subscriber"},
    _S.FAILED: {"words": "Forbidden: bot was blocked by the user"},
    _S.UNDELIVERED: {"words": "410 Gone"},
}
CHANNELS: dict[Channel, int] = {
    Channel.EMAIL: 52,
    Channel.SMS: 12,
    Channel.TELEGRAM: 9,
    Channel.DESKTOP_WEBPUSH: 7,
    Channel.MOBILE_WEBPUSH: 11,
    Channel.VIBER: 9,
}
SEGMENTS = ("Kyiv, women, boots", "Bought twice in a year", "Asleep for 90 days", "Loyal: Gold and Platinum", "New")
# Origin → its share, and what launched its messages, each with the message's title.
LAUNCHES: dict[Origin, tuple[int, tuple[Mapping[str, Any], ...]]] = {
    Origin.CAMPAIGN: (
        42,
        (
            {"title": "Autumn offer: 20 % off boots", "campaign": "Autumn", "tags": ["boots", "sale"]},
            {"title": "New in: raincoats", "campaign": "Rain", "tags": ["coats"]},
            {"title": "The weekend is on us", "campaign": "Free delivery", "tags": ["delivery"]},
            {"title": "Last days of the sale", "campaign": "End of season", "tags": ["sale"]},
        ),
    ),
    Origin.TRANSACTION: (
        22,
        (
            {"title": "Your order is on its way", "key": "Shop", "tags": ["order"]},
            {"title": "Your parcel is at branch 12", "key": "Shop", "tags": ["parcel"]},
            {"title": "Your receipt", "key": "Shop", "tags": ["order", "receipt"]},
        ),
    ),
    Origin.TRIGGER: (
        12,
        (
            {"title": "You left something in your basket", "trigger": "Abandoned basket", "tags": ["basket"]},
            {"title": "Happy birthday!", "trigger": "Birthday", "tags": ["birthday"]},
        ),
    ),
    Origin.WORKFLOW: (
        12,
        (
            {"title": "Boots in your size are back", "workflow": "Back in stock", "step": "2", "tags": ["boots"]},
            {"title": "How do you like it?", "workflow": "After delivery", "step": "1", "tags": ["review"]},
        ),
    ),
    Origin.DRIP_CAMPAIGN: (
        7,
        (
            {"title": "Welcome", "campaign": "Welcome series", "step": "1", "tags": ["welcome"]},
            {"title": "Find your size", "campaign": "Welcome series", "step": "3", "tags": ["welcome"]},
        ),
    ),
    Origin.AB_TEST: (
        5,
        (
            {"title": "Boots that last", "campaign": "Boots, two subjects", "step": "A", "tags": ["boots", "test"]},
            {"title": "20 % off boots", "campaign": "Boots, two subjects", "step": "B", "tags": ["boots", "test"]},
        ),
    ),
}
_LAUNCHED_AT_SEGMENTS = {Origin.CAMPAIGN, Origin.AB_TEST, Origin.DRIP_CAMPAIGN, Origin.WORKFLOW}


class Send(NamedTuple):
    """A message to many: its channel, how it may end, and what follows the message's number in a line of COPY."""

    channel: Channel
    journeys: Sequence[tuple[Status, ...]]
    lines: Mapping[Status, str]


class Happening(NamedTuple):
    """What is no message, and what follows the (missing) number of one in a line of COPY."""

    share: int
    line: str


def _line(channel: Channel, origin: Origin, status: Status, data: Mapping[str, Any]) -> str:
    text = _json(data).replace("\\", "\\\\")
    return f"\t{channel:d}\t{origin:d}\t{status:d}\t{text}\n"


def send(channel: Channel, origin: Origin, launch: Mapping[str, Any], segment: str) -> Send:
    """One of what `LAUNCHES` has, by one of the channels, to the contacts of one of the segments."""
    context = dict(launch) | ({"segment": segment} if origin in _LAUNCHED_AT_SEGMENTS else {})
    lines = {
        status: _line(channel, origin, status, context | _WORDS.get(status, {}))
        for journey in JOURNEYS[channel]
        for status in journey
    }
    return Send(channel, _MIXES[channel], lines)


def _mix(journeys: Mapping[tuple[Status, ...], int]) -> list[tuple[Status, ...]]:
    return [journey for journey, share in journeys.items() for _ in range(share)]


_MIXES = {channel: _mix(journeys) for channel, journeys in JOURNEYS.items()}


def subscription(channel: Channel, origin: Origin, by: str) -> str:
    return _line(channel, origin, Status.NONE, {"by": by})


def _happenings() -> list[str]:
    shares: list[Happening] = []
    for segment in SEGMENTS:
        for origin, share in ((Origin.ADDED_TO_SEGMENT, 60), (Origin.DROPPED_FROM_SEGMENT, 45)):
            shares.append(Happening(share, _line(Channel.CONTACT, origin, Status.NONE, {"segment": segment})))
    for origin, share in ((Origin.DEACTIVATED, 6), (Origin.ACTIVATED, 6)):
        shares.append(Happening(share, _line(Channel.CONTACT, origin, Status.NONE, {"by": "Marta"})))
    for channel in JOURNEYS:
        shares.append(Happening(12, subscription(channel, Origin.SUBSCRIBED, "the person")))
        shares.append(Happening(8, subscription(channel, Origin.UNSUBSCRIBED, "the person")))
    for name, share in (("viewed product", 300), ("added to basket", 110), ("searched", 60)):
        data = {"name": name, "key": "Shop"}
        shares.append(Happening(share, _line(Channel.OTHER, Origin.CUSTOM_EVENT, Status.NONE, data)))
    for amount in ("420", "1890", "3499"):
        data = {"name": "purchase", "key": "Shop", "amount": amount, "currency": "UAH"}
        shares.append(Happening(30, _line(Channel.OTHER, Origin.CUSTOM_CONVERSION, Status.NONE, data)))
    return [line for share, line in shares for _ in range(share)]


HAPPENINGS = _happenings()
ADDED = _line(Channel.CONTACT, Origin.ADDED, Status.NONE, {"by": "demo data"})
EMAIL_SUBSCRIBED = subscription(Channel.EMAIL, Origin.SUBSCRIBED, "demo data")
EMAIL_UNSUBSCRIBED = subscription(Channel.EMAIL, Origin.UNSUBSCRIBED, "the unsubscribe link")
