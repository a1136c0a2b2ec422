"""Scores of many contacts by ten rules: of all of them, of one that has changed and of many, beside plain SQL."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import median
from typing import Any

from django.db import connection, transaction

from activity.audit import Actor
from bench.importing import peak_memory
from bench.probe import spread
from contacts.models import Contact
from scoring.computing import compute
from scoring.keeping import look_at_pending, note, recompute
from scoring.models import Pending, Rule
from scoring.writing import create
from segments.behaviour import rebuild
from segments.conditions import MOST_TIMES
from segments.evaluation import today

_SINGLE = 40
_MANY = 10_000
_ACTOR = Actor(name="bench")
# Channel, deed, days, and points of what counts each time, by name.
_DEEDS = {
    "open": (1, 2, "did:email:open", 30, 1),
    "click": (1, 3, "did:email:click", 90, 3),
    "delivered": (1, 1, "did:email:delivered", None, 1),
    "complaint": (1, 11, "did:email:complaint", 365, -50),
    "viber": (6, 3, "did:viber:click", 30, 2),
}
_CAMPAIGN = {"field": "did:email:click", "op": "at_least", "value": 1, "days": 30, "origin": "campaign"}
_CONDITIONS: dict[str, tuple[Sequence[dict[str, Any]], str, int]] = {
    "language": (({"field": "language", "op": "is", "value": "uk"},), "language = 'uk'", 5),
    "orders": (
        ({"field": "variable:orders", "op": "greater", "value": "5"},),
        "(variables->>'orders')::numeric > 5",
        20,
    ),
    "subscribed": (
        ({"field": "subscription:email", "op": "is", "value": "subscribed"},),
        "EXISTS (SELECT FROM subscriptions_subscription s WHERE s.contact_id = c.id AND channel = 1 AND state = 1)",
        10,
    ),
    "new": (({"field": "addedAt", "op": "in_last", "value": 30},), "added_at >= current_date - 30", 15),
}
_HAPPENED = """
    (SELECT count(*) FROM activity_event e WHERE e.contact_id = c.id AND channel = 1 AND status = 3 AND origin = 2
        AND occurred_at >= current_date - 30)
"""


def scores() -> dict[str, Any]:
    """By ten rules: five of behaviour, one of the events themselves, four conditions.

    Returns `lines`: what was done, of how many rows, in how many seconds, and of plain SQL (None where there is none);
    and the peak of `memory` in bytes before and after.
    """
    rebuild()
    Rule.objects.all().delete()
    before = peak_memory()
    for name, (_channel, _deed, field, days, points) in _DEEDS.items():
        asked = {"field": field, "op": "at_least", "value": 1} | ({"days": days} if days else {})
        _make(name, [asked], points=points, each_time=True)
    _make("campaign", [_CAMPAIGN], points=2, each_time=True)
    for name, (asked_all, _sql, points) in _CONDITIONS.items():
        _make(name, list(asked_all), points=points, each_time=False)
    return {"lines": list(_lines()), "memory": [before, peak_memory()]}


def _make(name: str, asked: list[dict[str, Any]], *, points: int, each_time: bool) -> None:
    create(name=name, definition={"all": asked}, each_time=each_time, points=points, most=MOST_TIMES, actor=_ACTOR)


def _lines() -> Iterator[tuple[Any, ...]]:
    count = Contact.objects.count()
    alone = _timed(lambda: _fetch(f"SELECT sum({_SCORE}) FROM contacts_contact c"))
    yield "All scores, of which nearly all change", count, _timed(recompute), alone
    yield "All scores, of which none changes", count, _timed(recompute), alone
    ids = list(Contact.objects.order_by("?").values_list("pk", flat=True)[:_SINGLE])
    times = [_timed(partial(_compute, [pk])) for pk in ids]
    one = f"SELECT {_SCORE} FROM contacts_contact c WHERE id = {ids[0]}"
    _fetch(one)
    yield "One changed contact, median", 1, median(times), _timed(lambda: _fetch(one))
    yield "One changed contact, p95", 1, spread(times)[1], None
    some = list(Contact.objects.order_by("?").values_list("pk", flat=True)[:_MANY])
    Pending.objects.all().delete()
    Contact.objects.filter(pk__in=some).update(score_base=1)
    note(some)
    many = f"SELECT sum({_SCORE}) FROM contacts_contact c WHERE id = ANY('{{{','.join(map(str, some))}}}')"
    seconds = _timed(look_at_pending)
    yield f"{len(some):,} changed contacts", len(some), seconds, _timed(lambda: _fetch(many))


def _counted(channel: int, deed: int, days: int | None) -> str:
    rows = f"segments_behaviour b WHERE b.contact_id = c.id AND channel = {channel} AND deed = {deed} AND name = ''"
    since = "" if days is None else f" WHERE day >= current_date - {days}"
    return f"coalesce((SELECT (SELECT count(*) FROM unnest(days) AS day{since}) FROM {rows}), 0)"


# The same by hand, without the opt-outs of addresses.
_SCORE = " + ".join(
    (
        *(f"{_counted(channel, deed, days)} * {points}" for channel, deed, _field, days, points in _DEEDS.values()),
        f"2 * {_HAPPENED}",
        *(f"CASE WHEN {sql} THEN {points} ELSE 0 END" for _asked, sql, points in _CONDITIONS.values()),
    )
)


@transaction.atomic
def _compute(ids: list[int]) -> None:
    compute(ids, today())


def _fetch(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()


def _timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started
