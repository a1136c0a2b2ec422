"""What a feed amounts to: events by status and by day, for the strip above it."""

import datetime
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from django.utils import timezone

from activity import months
from activity.catalogue import MOST_FREQUENT, Origin, Status
from activity.feed import Filters
from activity.prepared import Prepared

# So many events are counted, the newest; a contact with more has its older ones in the feed alone.
MOST = 5_000
# Of all time, the chart shows the last so many months.
MONTHS = 12

# Origins stand beside statuses in one column, this much higher.
_ABOVE = 1_000
# The limit comes before the filters, so that the time this takes has a bound, however rare is what is looked for.
_COUNTS = """
    SELECT width_bucket(occurred_at, %(starts)s::timestamptz[]) AS place,
           CASE status WHEN {none:d} THEN origin + {above} ELSE status END AS word,
           count(*) {chosen}, count(*), min(occurred_at)
    FROM (
        SELECT occurred_at, channel, origin, status FROM activity_event
        WHERE contact_id = %(contact)s {conditions}
        ORDER BY occurred_at DESC, id DESC LIMIT %(most)s
    ) AS newest
    GROUP BY place, word
"""


class _Row(NamedTuple):
    """The events of one day (by its place among the bars; 0: before them) that have one word.

    `counted` are those with all the filters let go by.
    """

    place: int
    word: int
    events: int
    counted: int
    oldest: datetime.datetime


@dataclass(frozen=True)
class Bar:
    """A day of the period, or a month of all time: its first day, and its events."""

    start: datetime.date
    count: int


@dataclass(frozen=True)
class Summary:
    """Counts of what the filters let through. `since`: the oldest event counted, where not all could be.

    `words` are in the catalogue's order; what has no status is counted by its origin.
    """

    total: int
    words: list[tuple[Status | Origin, int]]
    bars: list[Bar]
    since: datetime.datetime | None


def summary(contact_id: int, filters: Filters, *, now: datetime.datetime) -> Summary:
    """One query, whose time has a bound for any contact and any filter. Days are those of the viewer's zone."""
    days = _days(filters, now)
    by_place, by_word = Counter[int](), Counter[int]()
    rows = _rows(contact_id, filters, now, days)
    for row in rows:
        by_place[row.place] += row.events
        by_word[row.word] += row.events
    bars = [Bar(day, by_place[place]) for place, day in enumerate(days, 1)]
    is_cut = sum(row.counted for row in rows) == MOST
    return Summary(by_place.total(), _words(by_word), bars, since=min(row.oldest for row in rows) if is_cut else None)


def _rows(contact_id: int, filters: Filters, now: datetime.datetime, days: list[datetime.date]) -> list[_Row]:
    since = filters.period.start(now)
    starts = [timezone.make_aware(datetime.datetime.combine(day, datetime.time())) for day in days]
    statement = _statement(tuple(filters.levels), filters.infrequent, since is not None)
    rows = statement.rows(contact=contact_id, starts=starts, since=since, most=MOST, **filters.levels)
    return list(map(_Row._make, rows))


@cache
def _statement(levels: tuple[str, ...], infrequent: bool, is_bounded: bool) -> Prepared:
    """As those of pages are (`activity.feed`): planned once, for each month in its order."""
    chosen = " AND ".join(f"{name} = %({name})s" for name in levels)
    conditions = f"AND status > {MOST_FREQUENT:d} " * infrequent + "AND occurred_at >= %(since)s" * is_bounded
    parts = {"chosen": f"FILTER (WHERE {chosen})" if levels else "", "conditions": conditions}
    return Prepared(_COUNTS.format(none=Status.NONE, above=_ABOVE, **parts), planning={"enable_sort": "off"})


def _days(filters: Filters, now: datetime.datetime) -> list[datetime.date]:
    """The first day of each bar."""
    today = timezone.localdate(now)
    if filters.period.days is None:
        return [months.later(today, -distance) for distance in reversed(range(MONTHS))]
    return [today - datetime.timedelta(days=distance) for distance in reversed(range(filters.period.days))]


def _words(counts: Counter[int]) -> list[tuple[Status | Origin, int]]:
    # A list: as keys, a status and an origin with the same code would be the same.
    statuses: list[tuple[Status | Origin, int]] = [(code, counts[code.value]) for code in Status]
    origins = [(code, counts[code.value + _ABOVE]) for code in Origin]
    return [(code, count) for code, count in [*statuses, *origins] if count]
