"""Segments among many contacts and events: from scratch, after changes, and 200 of them at once, beside plain SQL."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from activity.audit import Actor
from activity.models import Event
from bench.importing import peak_memory
from bench.probe import spread
from contacts.models import Contact
from segments import behaviour
from segments.changes import look_at, look_at_changed
from segments.evaluation import alone, evaluate, evaluate_next, today
from segments.models import Behaviour, Change, Membership, Segment
from segments.writing import create

_SINGLE = 40
_ACTOR = Actor(name="bench")
_OPENED = (
    "EXISTS (SELECT FROM segments_behaviour b WHERE b.contact_id = c.id AND channel = 1 AND deed = 2 AND name = ''"
)
_CLICKED = _OPENED.replace("deed = 2", "deed = 3")
_SUBSCRIBED = (
    "EXISTS (SELECT FROM subscriptions_subscription s WHERE s.contact_id = c.id AND channel = 1 AND state = 1)"
)
_MIXED = {
    "all": [
        {"field": "active", "op": "yes"},
        {"field": "language", "op": "any_of", "value": ["uk", "en"]},
        {"field": "variable:orders", "op": "greater", "value": "5"},
        {"field": "subscription:email", "op": "is", "value": "subscribed"},
        {"field": "did:email:open", "op": "at_least", "value": 1, "days": 30},
        {"any": [{"field": "did:email:click", "op": "at_least", "value": 3, "days": 90}], "not": True},
    ]
}
# The same by hand, without the opt-outs of addresses.
_MIXED_SQL = f"""
    c.is_active AND language IN ('uk', 'en') AND (variables->>'orders')::numeric > 5 AND {_SUBSCRIBED}
    AND {_OPENED} AND last_at >= current_date - 30) AND NOT {_CLICKED} AND days[3] >= current_date - 90)
"""
# What the definitions below ask, looked up once a contact.
_BESIDE = f"""
    CROSS JOIN LATERAL (
        SELECT max(days) FILTER (WHERE deed = 2) AS opened, max(days) FILTER (WHERE deed = 3) AS clicked
        FROM segments_behaviour WHERE contact_id = c.id AND channel = 1 AND deed IN (2, 3) AND name = ''
    ) AS done CROSS JOIN LATERAL (SELECT {_SUBSCRIBED} AS subscribed OFFSET 0) AS known
"""
_TABLES = "segments_change, segments_membership, segments_size, segments_segment, segments_behaviour, segments_position"


def segments(many: int) -> dict[str, Any]:
    """With so `many` segments at once.

    Returns `lines`: what was done, of how many rows, in how many seconds, and of plain SQL (None where there is none);
    and the peak of `memory` in bytes before and after.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {_TABLES}")
    before = peak_memory()
    lines = [*_kept(), *_one(), *_many(many)]
    return {"lines": lines, "memory": [before, peak_memory()]}


def _kept() -> Iterator[tuple[Any, ...]]:
    seconds = _timed(behaviour.rebuild)
    yield f"Behaviour of {Event.objects.count():,} events, anew", Behaviour.objects.count(), seconds, None
    _vacuum()


def _one() -> Iterator[tuple[Any, ...]]:
    """A mixed definition of six conditions."""
    made = create(name="Mixed", definition=_MIXED, actor=_ACTOR)
    raw = _timed(lambda: _fetch(f"SELECT count(*) FROM contacts_contact c WHERE {_MIXED_SQL}"))
    seconds = _timed(lambda: evaluate(made.pk))
    yield "One segment from scratch", Membership.objects.count(), seconds, raw
    count = Contact.objects.count() // 100
    _touch(count)
    Segment.objects.update(due_at=timezone.now())
    yield "The same with 1 % changed, all of it", count, _timed(lambda: evaluate(made.pk)), raw
    _touch(count)
    yield "The same with 1 % changed, the changed ones", count, _timed(look_at_changed), None


def _many(many: int) -> Iterator[tuple[Any, ...]]:
    """The definitions of all segments at once."""
    for number in range(many - 1):
        create(name=f"Segment {number}", definition=_definition(number), actor=_ACTOR)
    seconds = _timed(_evaluate_all)
    yield f"{many} segments from scratch", Membership.objects.count(), seconds, None
    _vacuum()
    Change.objects.all().delete()
    ids = list(Contact.objects.order_by("?").values_list("pk", flat=True)[:_SINGLE])
    Contact.objects.filter(pk__in=ids).update(language="en", score=77)
    times = [_timed(partial(_look_at, [pk])) for pk in ids]
    # The first one prepares the statement.
    yield f"One changed contact, {many} segments, the first", 1, times[0], None
    yield f"One changed contact, {many} segments, median", 1, median(times[1:]), _verdicts(ids[:1], many)
    yield f"One changed contact, {many} segments, p95", 1, spread(times[1:])[1], None
    count = min(10_000, Contact.objects.count())
    _touch(count)
    changed = list(Change.objects.values_list("contact_id", flat=True))
    yield f"{count:,} changed contacts, {many} segments", count, _timed(look_at_changed), _verdicts(changed, many)


def _verdicts(ids: list[int], many: int) -> float:
    """Plain SQL that asks as much of the same contacts, as one prepared statement, without moving anybody."""
    asked = ", ".join(f"({_definition_sql(number)})" for number in range(many - 1))
    with connection.cursor() as cursor:
        cursor.execute(
            f"PREPARE verdicts (bigint[]) AS SELECT c.id, ARRAY[{asked}] FROM contacts_contact c {_BESIDE}"
            " WHERE c.id = ANY($1)"
        )
        cursor.execute("SET plan_cache_mode = force_generic_plan")
        cursor.execute("EXECUTE verdicts (%s)", [ids[:1]])
        seconds = _timed(lambda: cursor.execute("EXECUTE verdicts (%s)", [ids]))
        cursor.execute("RESET plan_cache_mode; DEALLOCATE verdicts")
    return seconds


_TURNS = 10


def _definition(number: int) -> dict[str, Any]:
    """Ten kinds, with other values each time."""
    some = number // _TURNS + 1
    return {"all": [condition for condition, _sql in _asked(number % _TURNS, some)]}


def _definition_sql(number: int) -> str:
    return " AND ".join(sql for _condition, sql in _asked(number % _TURNS, number // _TURNS + 1))


def _asked(kind: int, some: int) -> list[tuple[dict[str, Any], str]]:
    orders = (
        {"field": "variable:orders", "op": "greater", "value": str(some)},
        f"(variables->>'orders')::numeric > {some}",
    )
    active = {"field": "active", "op": "yes"}, "c.is_active"
    opened = {"field": "did:email:open", "op": "at_least", "value": 1, "days": some}
    clicked = {"field": "did:email:click", "op": "at_least", "value": 2, "days": 10 * some}
    added = {"field": "addedAt", "op": "in_last", "value": some}
    letter = "ABCDEFGHIJKLMNOPQRSTUVW"[some]
    starts = {"field": "firstName", "op": "starts", "value": letter}, f"upper(first_name) LIKE '{letter}%'"
    did = opened, f"opened[1] >= current_date - {some}"
    again = clicked, f"clicked[2] >= current_date - {10 * some}"
    subscribed = {"field": "subscription:email", "op": "is", "value": "subscribed"}, "subscribed"
    new = added, f"added_at >= current_date - {some}"
    woman = {"field": "gender", "op": "is", "value": "2"}, "gender = 2"
    kinds: tuple[list[tuple[Any, str]], ...] = (
        [starts], [starts, orders], [did], [again], [did, active], [subscribed, did], [new, woman], [orders, woman],
        [again, subscribed, starts], [orders, active, did],
    )  # fmt: skip
    return kinds[kind]


def _evaluate_all() -> None:
    while evaluate_next():
        pass


def _look_at(ids: list[int]) -> None:
    with alone():
        look_at(ids, today())


def _touch(count: int) -> None:
    """So many contacts get another language or activity, as an edit would give them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_contact SET is_active = NOT is_active, score = score + 1 WHERE id IN"
            " (SELECT id FROM contacts_contact ORDER BY hashint8(id + %s) LIMIT %s)",
            [count + Change.objects.count(), count],
        )


def _fetch(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) segments_behaviour")
        cursor.execute("VACUUM (ANALYZE) segments_membership")


def _timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started
