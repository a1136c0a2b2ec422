"""Everything that can happen to a contact: the kinds of events, each a channel, an origin and a status.

The tables are the specification's (F43–F52). Choices, the check constraint, filters, labels and the names of the API
derive from them. Codes are kept in the database: a code once used keeps its meaning.
"""

from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from typing import NamedTuple, Self


class _Code(IntEnum):
    """A small number in the database, a word in addresses and the API."""

    @property
    def slug(self) -> str:
        """Such as `desktop-webpush`."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def of_slug(cls, slug: str) -> Self:
        """Raises `KeyError` for a word that is none of them."""
        return {code.slug: code for code in cls}[slug]


class Channel(_Code):
    EMAIL = 1
    SMS = 2
    TELEGRAM = 3
    DESKTOP_WEBPUSH = 4
    MOBILE_WEBPUSH = 5
    VIBER = 6
    CONTACT = 7
    OTHER = 8


class Origin(_Code):
    """What launched a message; of other events, what happened."""

    TRANSACTION = 1
    CAMPAIGN = 2
    AB_TEST = 3
    DRIP_CAMPAIGN = 4
    TRIGGER = 5
    WORKFLOW = 6
    SUBSCRIBED = 11
    UNSUBSCRIBED = 12
    ADDED = 21
    ADDED_TO_SEGMENT = 22
    DROPPED_FROM_SEGMENT = 23
    ACTIVATED = 24
    DEACTIVATED = 25
    CUSTOM_EVENT = 31
    CUSTOM_CONVERSION = 32


class Status(_Code):
    """What became of a message; other events have none."""

    DELIVERED = 1
    OPEN = 2
    CLICK = 3
    COMPLAINT = 11
    EMAIL_UNSUBSCRIBED = 12
    SOFT = 13
    HARD = 14
    REJECT = 15
    FAIL = 16
    FAILED = 17
    EXPIRED = 18
    DISMISSED = 19
    UNDELIVERED = 20
    NONE = 99


# Most events of most contacts have statuses up to this one; the others are fewer, and have an index of their own.
MOST_FREQUENT = Status.DELIVERED


class Kind(NamedTuple):
    channel: Channel
    origin: Origin
    status: Status


class Group(NamedTuple):
    """Kinds of one channel that have all these statuses for all these origins."""

    channel: Channel
    origins: tuple[Origin, ...]
    statuses: tuple[Status, ...]


_MESSAGES = (Origin.TRANSACTION, Origin.CAMPAIGN, Origin.AB_TEST, Origin.DRIP_CAMPAIGN, Origin.TRIGGER, Origin.WORKFLOW)
_SUBSCRIPTIONS = (Origin.SUBSCRIBED, Origin.UNSUBSCRIBED)

_S = Status
_STATUSES: dict[Channel, tuple[Status, ...]] = {
    Channel.EMAIL: (
        _S.DELIVERED, _S.OPEN, _S.CLICK, _S.COMPLAINT, _S.EMAIL_UNSUBSCRIBED, _S.SOFT, _S.HARD, _S.REJECT,
    ),
    Channel.SMS: (_S.DELIVERED, _S.CLICK, _S.FAIL, _S.REJECT),
    Channel.TELEGRAM: (_S.DELIVERED, _S.OPEN, _S.CLICK, _S.FAILED),
    Channel.DESKTOP_WEBPUSH: (_S.DELIVERED, _S.OPEN, _S.CLICK, _S.EXPIRED, _S.DISMISSED, _S.UNDELIVERED),
    Channel.MOBILE_WEBPUSH: (_S.DELIVERED, _S.OPEN, _S.CLICK, _S.EXPIRED, _S.DISMISSED, _S.UNDELIVERED),
    Channel.VIBER: (_S.DELIVERED, _S.OPEN, _S.CLICK, _S.FAIL, _S.REJECT, _S.EXPIRED),
}  # fmt: skip
_OTHERS: dict[Channel, tuple[Origin, ...]] = {
    Channel.CONTACT: (
        Origin.ADDED, Origin.ADDED_TO_SEGMENT, Origin.DROPPED_FROM_SEGMENT, Origin.ACTIVATED, Origin.DEACTIVATED,
    ),
    Channel.OTHER: (Origin.CUSTOM_EVENT, Origin.CUSTOM_CONVERSION),
}  # fmt: skip


def _groups() -> Iterator[Group]:
    for channel, statuses in _STATUSES.items():
        yield Group(channel, _MESSAGES, statuses)
        yield Group(channel, _SUBSCRIPTIONS, (Status.NONE,))
    for channel, origins in _OTHERS.items():
        yield Group(channel, origins, (Status.NONE,))


GROUPS = tuple(_groups())
# In the order of the specification's table.
KINDS = tuple(
    Kind(each.channel, origin, status) for each in GROUPS for origin in each.origins for status in each.statuses
)
ALL_KINDS = frozenset(KINDS)
MESSAGE_CHANNELS = tuple(_STATUSES)
MESSAGE_ORIGINS = _MESSAGES


@cache
def kinds(
    channel: Channel | None = None, origin: Origin | None = None, status: Status | None = None
) -> tuple[Kind, ...]:
    """The kinds that a filter lets through; None stands for all at its level."""
    return tuple(
        kind
        for kind in KINDS
        if channel in (None, kind.channel) and origin in (None, kind.origin) and status in (None, kind.status)
    )


@cache
def origins_of(channel: Channel | None = None) -> tuple[Origin, ...]:
    """What the second filter offers behind the first."""
    return tuple(dict.fromkeys(kind.origin for kind in kinds(channel)))


@cache
def statuses_of(channel: Channel | None = None, origin: Origin | None = None) -> tuple[Status, ...]:
    """What the third filter offers behind the first two; nothing where events have no status."""
    return tuple(dict.fromkeys(kind.status for kind in kinds(channel, origin) if kind.status != Status.NONE))


@cache
def is_infrequent(channel: Channel | None, origin: Origin | None, status: Status | None) -> bool:
    """Whether a filter lets only kinds through whose statuses are beyond the frequent ones."""
    return all(kind.status > MOST_FREQUENT for kind in kinds(channel, origin, status))
