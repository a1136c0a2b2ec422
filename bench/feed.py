"""A contact's feed: every filter there is, first pages and deep ones, of contacts with few events and with many."""

import time
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from activity import feed
from activity.catalogue import KINDS, Channel, origins_of, statuses_of
from activity.feed import Cursor, Filters, Period
from activity.models import Event
from activity.summaries import summary
from bench.probe import Statements, spread
from contacts.seeding.happenings import HEAVY, add_events

_DEEP = 200
# A contact with about so many events is looked for.
_SIZES = (10_000, 20)


def feeds(events: int, turns: int, most: int) -> dict[str, Any]:
    """Measures feeds among so many events, made where there are none; of each class so many filters are asked for so
    many times.

    Returns `events` (how many), `seeded` (seconds that took, or 0), and `groups`: a title and rows, each the `name` of
    a class of filters and in seconds the p50 and p95 of its statements: `first` page, `deep` page (the 200th, or the
    last that is full; None where the first is the last), and `summary`.
    """
    seeded = _furnish(events)
    groups = []
    for pk, count in _subjects():
        for period, label in ((Period.ALL, "all time"), (Period.MONTH, "30 days")):
            rows = [_measured(pk, name, filters[:most], turns) for name, filters in _classes(period).items()]
            groups.append((f"Feed of a contact with {count:,} events, {label}", rows))
    return {"events": Event.objects.count(), "seeded": seeded, "groups": groups}


def _furnish(events: int) -> float:
    seconds = 0.0
    if not Event.objects.exists():
        heavy = min(2, events // (2 * HEAVY))
        started = time.perf_counter()
        add_events(count=events, seed=1, now=timezone.now(), report=lambda _added: None, heavy=heavy)
        seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return seconds


def _subjects() -> list[tuple[int, int]]:
    """The contact with the most events, and those nearest to `_SIZES`, each with the number of its events."""
    counts = list(Event.objects.values_list("contact_id").annotate(count=Count("id")).order_by("-count", "contact_id"))
    chosen = [counts[0], *(min(counts, key=lambda row: abs(row[1] - size)) for size in _SIZES)]
    return list(dict.fromkeys(chosen))


def _classes(period: Period) -> dict[str, list[Filters]]:
    """Every filter of the catalogue, by the levels at which something is chosen, in both orders."""
    channels = [Filters(channel) for channel in Channel]
    pairs = [Filters(channel, origin) for channel in Channel for origin in origins_of(channel)]
    chosen = {
        "All": [Filters()] * 10,
        "Channel": channels,
        "Origin": [Filters(None, origin) for origin in origins_of()],
        "Status": [Filters(None, None, status) for status in statuses_of()],
        "Channel and origin": pairs,
        "Channel and status": [Filters(each, None, status) for each in Channel for status in statuses_of(each)],
        "Channel, origin and status": [Filters(*kind) for kind in KINDS if kind.status in statuses_of(kind.channel)],
    }
    return {
        f"{name}, {label}": [Filters(each.channel, each.origin, each.status, period, oldest) for each in filters]
        for name, filters in chosen.items()
        for label, oldest in (("newest first", False), ("oldest first", True))
    }


def _measured(pk: int, name: str, filters: list[Filters], turns: int) -> dict[str, Any]:
    now = timezone.now()
    asked = filters * turns
    Random(1).shuffle(asked)
    deep = {each: _deep(pk, each, now) for each in set(filters)}
    for each, place in deep.items():  # once, as each connection plans each of them once
        for after in (None, place):
            feed.page(pk, each, now=now, after=after)
        summary(pk, each, now=now)
    firsts, deeps, sums = [], [], []
    for each in asked:  # by turns, so that what else the machine does meets them alike
        firsts.append(_timed(feed.page, pk, each, now=now))
        if deep[each]:
            deeps.append(_timed(feed.page, pk, each, now=now, after=deep[each]))
        sums.append(_timed(summary, pk, each, now=now))
    return {
        "name": name,
        "first": spread(firsts),
        "deep": spread(deeps) if deeps else None,
        "summary": spread(sums),
    }


def _deep(pk: int, filters: Filters, now: Any) -> Cursor | None:
    """What the page before a deep one ends with."""
    order = ("occurred_at", "id") if filters.oldest_first else ("-occurred_at", "-id")
    rows = feed.matching(pk, filters, now).order_by(*order).values_list("occurred_at", "id")
    places = list(rows[: (_DEEP - 1) * feed.SIZE])
    full = len(places) // feed.SIZE * feed.SIZE
    return Cursor(*places[full - 1]) if full else None


def _timed(read: Any, pk: int, filters: Filters, **options: Any) -> float:
    """Seconds that its statements take."""
    statements = Statements()
    with connection.execute_wrapper(statements):
        read(pk, filters, **options)
    return statements.seconds
