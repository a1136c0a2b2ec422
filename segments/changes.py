"""Contacts that have changed, looked at by all segments at once: each definition is an expression of one statement.

Triggers put them in a queue (see the first migrations), in the transaction of the change, so what is taken from it can
be seen. The statement is prepared: 200 definitions take longer to plan than one contact takes to be looked at.
"""

import datetime
import hashlib
from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import Max, Q

from activity import months
from contacts.models import ContactList
from segments import followers
from segments.compiler import TooMuch
from segments.conditions import Wrong
from segments.definitions import Definitions, everybody
from segments.evaluation import alone, apply_sql, settle, today
from segments.lookups import Lookups, SharedLookups
from segments.models import Change, Segment

BATCH = 10_000
_PREFIX = "segments_"

_TAKE = """
    WITH taken AS (
        DELETE FROM segments_change WHERE id IN (
            SELECT id FROM segments_change WHERE id <= %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        ) RETURNING contact_id
    )
    SELECT DISTINCT contact_id FROM taken
"""
# Of all that the prepared statement is made of, and what this connection has prepared.
_VERSION = """
    SELECT concat(
        (SELECT md5(string_agg(concat_ws(' ', id, version, state), ',' ORDER BY id)) FROM segments_segment
            WHERE archived_at IS NULL),
        (SELECT md5(string_agg(concat_ws(' ', type, name), ',' ORDER BY id)) FROM contacts_variabledefinition)
    ), ARRAY(SELECT name FROM pg_prepared_statements WHERE starts_with(name, %(prefix)s))
"""
_LOOK = """
    WITH looked (id, segments) AS MATERIALIZED ({looked}),
    target AS (
        SELECT id AS contact_id, segment_id FROM looked, unnest(segments) AS segment_id
    ), present AS (
        SELECT contact_id, segment_id FROM segments_membership
        WHERE contact_id = ANY($1) AND segment_id = ANY({segments})
    ), difference AS MATERIALIZED (
        SELECT segment_id, contact_id, target IS NOT NULL AS enters
        FROM target FULL JOIN present USING (contact_id, segment_id) WHERE target IS NULL OR present IS NULL
    ), {apply}
"""


def look_at_changed(*, batch: int = BATCH, as_of: datetime.date | None = None) -> int:
    """Takes contacts from the queue and moves them in and out of segments; returns how many there were.

    In batches of a transaction each. Where somebody else is evaluating, they stay in the queue for the next time; so do
    those that come meanwhile, as others wait for their turn too.
    """
    months.ensure_present()
    last = Change.objects.aggregate(last=Max("pk"))["last"] or 0
    count = 0
    while some := _look_at_batch(last, batch, as_of or today()):
        count += some
    return count


def _look_at_batch(last: int, batch: int, day: datetime.date) -> int:
    with alone() as is_alone:
        ids = _taken(last, batch) if is_alone else []
        if ids:
            look_at(ids, day)
            followers.note(ids)
    return len(ids)


def _taken(last: int, most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [last, most])
        return [pk for (pk,) in cursor.fetchall()]


def look_at(ids: Sequence[int], day: datetime.date) -> tuple[int, int]:
    """Moves these contacts in and out of all segments that are kept up; returns how many have entered and left.

    Within the caller's transaction, which is alone (`evaluation.alone`).
    """
    name, unreadable = _prepared(day)
    moved = _move(name, ids) if name else (0, 0)
    # Behind the contacts: an erasure takes these first, and segments then.
    Segment.objects.filter(pk__in=unreadable).come_due()
    return moved


def _move(name: str, ids: Sequence[int]) -> tuple[int, int]:
    settle(0)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE {name} (%s)", [list(ids)])
        entered, left = cursor.fetchone()
    return entered, left


def _prepared(day: datetime.date) -> tuple[str, list[int]]:
    """The name of the statement for the definitions as they are now, which this connection knows then; "" where no
    segment is kept up. And the segments that cannot be, if it has not been known before."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, {"prefix": _PREFIX})
        version, known = cursor.fetchone()
        key = repr((day, version, ContactList.default().pk))
        name = f"{_PREFIX}{hashlib.sha256(key.encode()).hexdigest()[:32]}"
        if name in known:
            return name, []
        for old in known:
            cursor.execute(f"DEALLOCATE {old}")
        lookups = SharedLookups()
        conditions, unreadable = _conditions(day, lookups)
        if conditions:
            cursor.execute(f"PREPARE {name} (bigint[]) AS {_statement(day, lookups, conditions)}")
    return name if conditions else "", unreadable


def _statement(day: datetime.date, lookups: SharedLookups, conditions: Mapping[int, Q]) -> str:
    where = f"contact_list_id = {ContactList.default().pk:d} AND contacts_contact.id = ANY($1)"
    looked = lookups.statement(conditions, everybody().query, where)
    segments = f"'{{{','.join(map(str, conditions))}}}'::bigint[]"
    return _LOOK.format(looked=looked, segments=segments, apply=apply_sql(day))


def _conditions(day: datetime.date, lookups: Lookups) -> tuple[dict[int, Q], list[int]]:
    """Of each segment that is kept up; and those that cannot be any more, whose evaluation tells why."""
    definitions, found, unreadable = Definitions(day), {}, []
    for pk in Segment.objects.kept_up().order_by("pk").values_list("pk", flat=True):
        try:
            if group := definitions.of(pk):
                found[pk] = definitions.compiled(group, lookups)
        except (Wrong, TooMuch):
            unreadable.append(pk)
    return found, unreadable
