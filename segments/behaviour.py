"""What contacts did, in sum, kept in step with the events: each event is added up exactly once, a little later.

Not in the statement that adds events, which that would slow down by two thirds: `feed` takes what has come since its
position, by the events' numbers, in large batches. Numbers are given before a transaction commits, so those up to the
greatest one are final only when every transaction has ended that was under way when that was read. Writers have a
number of their transaction before they are given numbers of events; ours, taken after the reading, is later than all.
"""

import time

from django.conf import settings
from django.db import connection, transaction

from activity.catalogue import Channel, Origin, Status
from activity.months import oldest_kept
from segments import followers
from segments.conditions import MOST_TIMES
from segments.evaluation import alone, today
from segments.expressions import day_start
from segments.fields import BEYOND_STATUSES
from segments.models import Position, Segment

BATCH = 100_000
# For sorting a batch and for a rebuild.
_MEMORY = "SET LOCAL work_mem = '128MB'"

_OF_SEGMENTS = (
    f"(channel = {Channel.CONTACT:d} AND origin IN ({Origin.ADDED_TO_SEGMENT:d}, {Origin.DROPPED_FROM_SEGMENT:d}))"
)
# The deeds of some events: custom events count twice, by their name and among all.
_TOLD = f"""
    SELECT contact_id, channel, deed, name, occurred_at FROM (
        SELECT contact_id, channel, occurred_at, data,
            CASE WHEN status = {Status.NONE:d} THEN {BEYOND_STATUSES} + origin ELSE status END AS deed
        FROM activity_event WHERE {{which}} AND NOT {_OF_SEGMENTS}
    ) AS event CROSS JOIN LATERAL (
        SELECT '' AS name UNION ALL
        SELECT data ->> 'name' WHERE channel = {Channel.OTHER:d} AND data ->> 'name' > ''
    ) AS named
"""
_SUMMED = f"""
    SELECT contact_id, channel, deed, name, max(occurred_at) AS last_at,
        (array_agg((occurred_at AT TIME ZONE %(zone)s)::date ORDER BY occurred_at DESC))[1:{MOST_TIMES}] AS days
    FROM ({{told}}) AS told GROUP BY contact_id, channel, deed, name
"""
# Contacts first, by their ids, as an erasure does: one waits for the other, and nothing is told of who has gone.
_FEED = f"""
    WITH summed AS MATERIALIZED ({_SUMMED.format(told=_TOLD.format(which="id > %(after)s AND id <= %(upto)s"))}),
    held AS MATERIALIZED (
        SELECT id FROM contacts_contact WHERE id IN (SELECT contact_id FROM summed) ORDER BY id FOR KEY SHARE
    ), kept AS (
        INSERT INTO segments_behaviour AS behaviour (contact_id, channel, deed, name, last_at, days)
        SELECT contact_id, channel, deed, name, last_at, days FROM held JOIN summed ON contact_id = held.id
        ON CONFLICT (contact_id, channel, deed, name) DO UPDATE SET
            last_at = greatest(behaviour.last_at, excluded.last_at),
            days = CASE
                WHEN excluded.days[array_upper(excluded.days, 1)] >= behaviour.days[1]
                THEN (excluded.days || behaviour.days)[1:{MOST_TIMES}]
                ELSE (
                    SELECT (array_agg(day ORDER BY day DESC))[1:{MOST_TIMES}]
                    FROM unnest(excluded.days || behaviour.days) AS day
                )
            END
    )
    INSERT INTO segments_change (contact_id) SELECT id FROM held
"""
_SUM_ALL = f"""
    CREATE TEMPORARY TABLE segments_summed ON COMMIT DROP AS
    {_SUMMED.format(told=_TOLD.format(which="id <= %(upto)s"))}
"""
# Who has been erased since it was summed up is left out: that has ended before, or takes away what this puts in.
_REPLACE = """
    INSERT INTO segments_behaviour (contact_id, channel, deed, name, last_at, days)
    SELECT contact_id, channel, deed, name, last_at, days
    FROM segments_summed JOIN contacts_contact AS contact ON contact.id = contact_id
    WHERE %(oldest)s::timestamptz IS NULL OR last_at >= %(oldest)s
"""
_LAST = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM activity_event_id_seq"
# Not the greatest of a snapshot: that is of who has ended last, and others with greater ones may be under way.
_HORIZON = "SELECT pg_current_xact_id()::text::bigint"
# Other transactions of this database that may have been given numbers before the horizon and have not ended. A snapshot
# has those of all databases: which are ours, the lock tells that each holds on itself.
_UNDER_WAY = """
    SELECT FROM pg_snapshot_xip(pg_current_snapshot()) AS other
    WHERE other::text::bigint < %s AND other::text::bigint %% 4294967296 IN (
        SELECT transactionid::text::bigint FROM pg_locks LEFT JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock'
            AND (datid IS NULL OR datid = (SELECT oid FROM pg_database WHERE datname = current_database()))
    ) LIMIT 1
"""


def feed(batch: int = BATCH) -> int:
    """Adds up the events that have become final since the last time, a batch a transaction; returns how many numbers
    it has passed. Two at once do the work of one."""
    _look_ahead()
    passed = 0
    while step := _feed_batch(batch):
        passed += step
    return passed


def rebuild(wait_seconds: float = 60) -> int:
    """Adds up all events anew, and has all segments evaluated; returns how many rows of behaviour that makes.

    For after events have been changed behind our back, such as by restoring a part of a backup. Nobody waits while they
    are summed up, but new events are added up only afterwards; then whoever reads behaviour waits until the sums are in
    their place. Raises `TimeoutError` where another transaction does not end for so long.
    """
    _look_ahead()
    with transaction.atomic(), connection.cursor() as cursor:
        position = Position.objects.get_or_create(pk=1)[0]
        _wait_for(position, wait_seconds)
        cursor.execute(_MEMORY)
        upto, zone = position.ceiling, settings.TIME_ZONE
        cursor.execute(_SUM_ALL, {"upto": upto, "zone": zone})
        rows = _replace(upto, zone)
        cursor.execute("DROP TABLE segments_summed")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE segments_behaviour")
    return rows


def _replace(upto: int, zone: str) -> int:
    """Puts what has been summed up, to that event, in the place of all behaviour; returns how many rows there are.

    What may have been added up beyond that goes with the rest, and is added up again from there. Behaviour is locked
    last: who evaluates segments, computes scores or erases comes to it holding rows of those already.
    """
    with alone(wait=True), connection.cursor() as cursor:
        # Nobody adds up, and no month is dropped, from now on.
        Position.objects.select_for_update().get(pk=1)
        Segment.objects.all().come_due()
        followers.renew()
        cursor.execute("TRUNCATE segments_behaviour")
        oldest = oldest_kept(day_start(today()))
        cursor.execute(_REPLACE, {"oldest": oldest and day_start(oldest)})
        rows = int(cursor.rowcount)
        Position.objects.filter(pk=1).update(upto=upto, zone=zone)
    return rows


def follow_zone() -> bool:
    """Adds up all events anew where the account has moved to another zone, whose days are others; returns whether that
    was so. Raises `TimeoutError` as `rebuild` does."""
    has_moved = Position.objects.exclude(zone=settings.TIME_ZONE).exists()
    if has_moved:
        rebuild()
    return has_moved


def _look_ahead() -> None:
    """Finds up to where events could be final soon, unless that is known from the last time."""
    is_within = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_within:
            # The caller's transaction, such as a demo's, may have had its number for long: others have to end at once.
            cursor.execute("LOCK TABLE activity_event IN SHARE MODE")
        cursor.execute(_LAST)
        (last,) = cursor.fetchone()
        # Holding it gives us our number: only now.
        position = _held()
        if position is None or position.ceiling > position.upto or last <= position.ceiling:
            return
        position.ceiling = last
        cursor.execute(_HORIZON)
        position.horizon = cursor.fetchone()[0]
        position.save(update_fields=["ceiling", "horizon"])


def _feed_batch(batch: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        position = _held()
        if position is None or position.upto >= position.ceiling or _is_under_way(position.horizon):
            return 0
        upto = min(position.upto + batch, position.ceiling)
        cursor.execute(_MEMORY)
        cursor.execute(_FEED, {"after": position.upto, "upto": upto, "zone": position.zone})
        step, position.upto = upto - position.upto, upto
        position.save(update_fields=["upto"])
    return step


def _held() -> Position | None:
    """The position, which nobody else moves before this transaction ends; None where somebody else is at it."""
    Position.objects.get_or_create(pk=1)
    return Position.objects.select_for_update(skip_locked=True).filter(pk=1).first()


def _is_under_way(horizon: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_UNDER_WAY, [horizon])
        return bool(cursor.rowcount)


def _wait_for(position: Position, seconds: float) -> None:
    end = time.monotonic() + seconds
    while _is_under_way(position.horizon):
        if time.monotonic() > end:
            raise TimeoutError("Another transaction has not ended.")
        time.sleep(0.1)
