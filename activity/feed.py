"""Reading a contact's feed: filters, pages in both orders, what is new since a page was shown."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from functools import lru_cache
from typing import Self, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from activity import keyset
from activity.catalogue import MOST_FREQUENT, Channel, Origin, Status, is_infrequent, origins_of, statuses_of
from activity.feed_actions import asked
from activity.keyset import Slice
from activity.models import Event
from activity.prepared import Given, Prepared
from activity.querysets import EventQuerySet

SIZE = 50
# More new events than this are told as “more than”.
MOST_NEW = 99
# So long before and after an event the others of its message are looked for: no index leads to them.
CONVERSATION = datetime.timedelta(days=92)

ORDER = ("occurred_at", "id")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)

C = TypeVar("C", Channel, Origin, Status)


class Period(Enum):
    """How far back a feed goes: so many days, today the last of them. Values are what addresses say."""

    WEEK = "7"
    FORTNIGHT = "14"
    MONTH = "30"
    ALL = "all"

    @property
    def days(self) -> int | None:
        return None if self is Period.ALL else int(self.value)

    def start(self, now: datetime.datetime) -> datetime.datetime | None:
        """The midnight it begins with, in the viewer's zone; None for all time."""
        if self.days is None:
            return None
        first = timezone.localdate(now) - datetime.timedelta(days=self.days - 1)
        return timezone.make_aware(datetime.datetime.combine(first, datetime.time()))


@dataclass(frozen=True)
class Filters:
    """What of a feed is shown, and in which order. None stands for all at its level."""

    channel: Channel | None = None
    origin: Origin | None = None
    status: Status | None = None
    period: Period = Period.WEEK
    oldest_first: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """From an address. A word that is unknown, or does not fit the levels above it, means all."""
        channel = _code(Channel, query.get("channel", ""))
        origin = _code(Origin, query.get("origin", ""))
        if origin not in origins_of(channel):
            origin = None
        status = _code(Status, query.get("status", ""))
        if status not in statuses_of(channel, origin):
            status = None
        days = query.get("period", "")
        period = Period(days) if days in {each.value for each in Period} else Period.WEEK
        return cls(channel, origin, status, period, query.get("order") == "oldest")

    @property
    def levels(self) -> dict[str, Channel | Origin | Status]:
        """What is chosen, by the names of the columns."""
        levels = {"channel": self.channel, "origin": self.origin, "status": self.status}
        return {name: code for name, code in levels.items() if code is not None}

    @property
    def infrequent(self) -> bool:
        """Whether only kinds are let through whose statuses are beyond the frequent ones."""
        return is_infrequent(self.channel, self.origin, self.status)

    def query(self) -> dict[str, str]:
        """What an address must say for `read` to give the same; nothing of what goes without saying."""
        words = {name: code.slug for name, code in self.levels.items()}
        if self.period is not Period.WEEK:
            words["period"] = self.period.value
        return words | ({"order": "oldest"} if self.oldest_first else {})


@dataclass(frozen=True)
class Cursor:
    """The place of an event in the feed."""

    occurred_at: datetime.datetime
    id: int

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(event.occurred_at, event.pk)

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises `ValueError` for what no `str()` of a cursor has written."""
        microseconds, _dash, number = text.partition("-")
        try:
            if not (text.isascii() and microseconds.isdecimal() and number.isdecimal() and int(number) < 2**63):
                raise ValueError
            return cls(_EPOCH + int(microseconds) * _MICROSECOND, int(number))
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{text!r} is no place in a feed.") from error

    def __str__(self) -> str:
        return f"{(self.occurred_at - _EPOCH) // _MICROSECOND}-{self.id}"


def page(
    contact_id: int, filters: Filters, *, now: datetime.datetime, after: Cursor | None = None, size: int = SIZE
) -> Slice[Event]:
    """The events behind a place in the feed, in the order of the filters; without one, the first ones."""
    start, levels = filters.period.start(now), filters.levels
    statement = _page(
        tuple(levels), filters.infrequent, start is not None, after is not None, filters.oldest_first, size + 1
    )
    found = statement.objects(Event, contact=contact_id, start=start, **levels, **(asdict(after) if after else {}))
    return Slice(found[:size], has_previous=after is not None, has_next=len(found) > size)


@lru_cache(maxsize=200)
def _page(
    levels: tuple[str, ...], infrequent: bool, is_bounded: bool, is_later: bool, oldest_first: bool, most: int
) -> Prepared:
    """Planned once, as planning for all months takes several times as long as the doing.

    Without sorting each month is read in its order, and only until there are enough. PostgreSQL, which does not know
    the contact when it plans, takes them all for people with few events.
    """
    start = Given("start") if is_bounded else None
    rows: QuerySet[Event] = asked(
        _matching(Given("contact"), {name: Given(name) for name in levels}, infrequent=infrequent, start=start)
    )
    if is_later:
        at = Event(occurred_at=Given("occurred_at"), id=Given("id"))
        rows = keyset.behind(rows, order=ORDER, at=at, descending=not oldest_first)
    ordered = rows.order_by(*(name if oldest_first else f"-{name}" for name in ORDER))
    return Prepared.of(ordered[:most], planning={"enable_sort": "off"})


def newer(contact_id: int, filters: Filters, *, than: Cursor | None, now: datetime.datetime) -> int:
    """How many events there are by now above the topmost of a feed, newest first; `MOST_NEW` + 1 stands for more."""
    rows = matching(contact_id, filters, now).only("id")
    top = None
    if than is not None:
        rows, top = rows.filter(occurred_at__gte=than.occurred_at), Event(occurred_at=than.occurred_at, id=than.id)
    found = keyset.take(rows, order=ORDER, size=MOST_NEW, at=top)
    return len(found.rows) + found.has_next


def find(contact_id: int, place: Cursor) -> Event | None:
    """The event of a contact at a place in its feed."""
    return asked(Event.objects.of_contact(contact_id)).filter(occurred_at=place.occurred_at, id=place.id).first()


def conversation(event: Event) -> list[Event]:
    """What became of the event's message, the first thing first; nothing for an event that is of no message."""
    if event.message_id is None:
        return []
    around = (event.occurred_at - CONVERSATION, event.occurred_at + CONVERSATION)
    rows = Event.objects.of_contact(event.contact_id).filter(occurred_at__range=around)
    return list(rows.of_message(event.message_id))


def matching(contact_id: int, filters: Filters, now: datetime.datetime) -> EventQuerySet:
    """All events of a contact that the filters let through, in no order."""
    start = filters.period.start(now)
    return _matching(contact_id, filters.levels, infrequent=filters.infrequent, start=start)


def _matching(
    contact: int | Given,
    levels: Mapping[str, Channel | Origin | Status | Given],
    *,
    infrequent: bool,
    start: datetime.datetime | Given | None,
) -> EventQuerySet:
    rows = Event.objects.filter(contact_id=contact, **levels)
    if infrequent:
        # So that the planner knows what it cannot tell from the rest: an index of the rarer statuses has them all.
        rows = rows.filter(status__gt=MOST_FREQUENT.value)
    # Months before it are not even opened.
    return rows if start is None else rows.filter(occurred_at__gte=start)


def _code(codes: type[C], slug: str) -> C | None:
    try:
        return codes.of_slug(slug)
    except KeyError:
        return None
