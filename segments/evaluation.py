"""Who enters and who leaves: set by set, moved in one statement with the events and counts, one evaluation at a time.

A lock of the database keeps evaluations apart, so each sees what the one before has written; contacts that change
meanwhile are in the queue of the next. The statement takes contacts first, by their ids, as erasures do.
"""

import datetime
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import mogrify
from django.utils.timezone import get_default_timezone, now
from django.utils.translation import gettext as _
from psycopg2.errors import QueryCanceled

from activity import months
from activity.catalogue import Channel, Origin, Status
from contacts.querysets import ContactQuerySet
from segments.compiler import TooMuch
from segments.conditions import Wrong
from segments.definitions import Definitions, everybody, why_wrong
from segments.models import Segment, State

# What one segment may take of the database, and when one that took longer is tried again.
BUDGET = datetime.timedelta(seconds=30)
RETRY = datetime.timedelta(hours=1)
_LOCK = 7_366_001
# Of disks that seek as fast as they read, and of work that is worth a second process.
_SETTINGS = """
    SET LOCAL work_mem = '128MB'; SET LOCAL jit = off; SET LOCAL random_page_cost = 1.5;
    SET LOCAL parallel_setup_cost = 100; SET LOCAL statement_timeout = {}
"""

# Behind a CTE `difference` of (segment_id, contact_id, enters). It is joined to indexes alone: the planner expects one
# row of it, and would compare all with all.
_APPLY = f"""
    held AS MATERIALIZED (
        SELECT segment_id, contact.id AS contact_id, enters
        FROM difference JOIN contacts_contact AS contact ON contact.id = contact_id
        ORDER BY contact.id FOR KEY SHARE OF contact
    ), entering AS (
        INSERT INTO segments_membership (segment_id, contact_id, since)
        SELECT segment_id, contact_id, now() FROM held WHERE enters
        ON CONFLICT DO NOTHING RETURNING segment_id, contact_id
    ), leaving AS (
        DELETE FROM segments_membership AS membership USING held
        WHERE NOT enters AND membership.segment_id = held.segment_id AND membership.contact_id = held.contact_id
        RETURNING membership.segment_id, membership.contact_id
    ), moved AS (
        SELECT segment_id, contact_id, {Origin.ADDED_TO_SEGMENT:d} AS origin, 1 AS step FROM entering
        UNION ALL SELECT segment_id, contact_id, {Origin.DROPPED_FROM_SEGMENT:d}, -1 FROM leaving
    ), told AS (
        INSERT INTO activity_event (contact_id, occurred_at, channel, origin, status, data)
        SELECT contact_id, now(), {Channel.CONTACT:d}, origin, {Status.NONE:d}, jsonb_build_object('segment', name)
        FROM moved JOIN segments_segment AS segment ON segment.id = segment_id
    ), changes AS MATERIALIZED (
        SELECT segment_id, sum(step) AS change FROM moved GROUP BY segment_id
    ), locked AS MATERIALIZED (
        SELECT id, change FROM segments_segment AS segment JOIN changes ON segment_id = id
        ORDER BY id FOR NO KEY UPDATE OF segment
    ), counted AS (
        UPDATE segments_segment AS segment SET size = size + change
        FROM locked WHERE segment.id = locked.id RETURNING segment.id, size
    ), remembered AS (
        INSERT INTO segments_size (segment_id, day, size) SELECT id, %(today)s, size FROM counted
        ON CONFLICT (segment_id, day) DO UPDATE SET size = excluded.size
    )
    SELECT count(*) FILTER (WHERE step > 0), count(*) FILTER (WHERE step < 0) FROM moved
"""
# A statement of its own: one that writes is not worked on by several processes of PostgreSQL, this one is.
_DIFFERENCE = """
    CREATE TEMPORARY TABLE segments_difference AS
    SELECT {segment:d}::bigint AS segment_id, coalesce(target.id, present.contact_id) AS contact_id,
        target.id IS NOT NULL AS enters
    FROM ({target}) AS target (id) FULL JOIN (
        SELECT contact_id FROM segments_membership WHERE segment_id = {segment:d}
    ) AS present ON present.contact_id = target.id
    WHERE target.id IS NULL OR present.contact_id IS NULL
    ORDER BY contact_id
"""
_WHOLE = """
    WITH difference AS (SELECT segment_id, contact_id, enters FROM segments_difference), {apply}
"""
# The few that move are joined by indexes, whatever the planner thinks of a table that it knows nothing about.
_BY_INDEX = "SET LOCAL enable_hashjoin = {0}; SET LOCAL enable_mergejoin = {0}"


def today() -> datetime.date:
    """The day that definitions are read as of: that of the account's zone (TIME_ZONE)."""
    return now().astimezone(get_default_timezone()).date()


@contextmanager
def alone(*, wait: bool = False) -> Iterator[bool]:
    """A transaction in which nobody else evaluates; tells whether it is one, which without waiting it may not be."""
    with transaction.atomic(), connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            yield True
        else:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            yield bool(cursor.fetchone()[0])


def settle(milliseconds: int) -> None:
    """For the rest of the transaction: memory for large sets, and how long a statement may take."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS.format(milliseconds))


class TookTooLong(Exception):
    """A statement of a page was given up."""


@contextmanager
def limited(milliseconds: int) -> Iterator[None]:
    """A transaction for reading alone, in which no statement takes longer. Raises `TookTooLong`."""
    try:
        with transaction.atomic():
            settle(milliseconds)
            yield
            transaction.set_rollback(True)  # takes the limit back
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise TookTooLong from error


def evaluate_next(*, as_of: datetime.date | None = None) -> bool:
    """Evaluates the segment that has been due for longest; returns whether there was one and it was its turn."""
    months.ensure_present()
    pk = Segment.objects.due(now()).values_list("pk", flat=True).first()
    return pk is not None and evaluate(pk, as_of=as_of)


def evaluate(pk: int, *, as_of: datetime.date | None = None, budget: datetime.timedelta = BUDGET) -> bool:
    """Evaluates one segment from scratch; returns whether it was its turn. What goes wrong is its state afterwards.

    An edit that comes meanwhile leaves it due.
    """
    segment = Segment.objects.filter(pk=pk, due_at__isnull=False).first()
    if segment is None:
        return False
    try:
        with alone() as is_alone:
            if not is_alone:
                return False
            segment.refresh_from_db()
            if segment.due_at is None:
                return False
            _evaluate(segment, as_of or today(), budget)
    except (Wrong, TooMuch) as error:
        problem = why_wrong(error) if isinstance(error, Wrong) else str(error)
        _finish(segment, state=State.BROKEN, problem=problem, due_at=now() + RETRY)
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        words = _("Counting it took longer than %(seconds)d seconds and was given up.") % {
            "seconds": budget.total_seconds()
        }
        _finish(segment, state=State.LATE, problem=words, due_at=now() + RETRY)
    return True


def _evaluate(segment: Segment, day: datetime.date, budget: datetime.timedelta) -> None:
    started = time.perf_counter()
    definitions = Definitions(day)
    group = None if segment.archived else definitions.of(segment.pk)
    target = everybody().none() if group is None else definitions.those_of(group)
    settle(max(1, int(budget.total_seconds() * 1000)))
    apply_target(segment.pk, target, day)
    settle(0)
    _count(segment.pk)
    milliseconds = int((time.perf_counter() - started) * 1000)
    _finish(segment, state=State.FRESH, problem="", due_at=None, evaluated_at=now(), milliseconds=milliseconds)
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, {"segment": segment.pk, "today": day})


def _count(pk: int) -> None:
    """Differences alone would carry on what was once wrong. Held first: an erasure may be counting down."""
    Segment.objects.locked().get(pk=pk)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"segment": pk})


_COUNT = """
    UPDATE segments_segment SET size = (SELECT count(*) FROM segments_membership WHERE segment_id = %(segment)s)
    WHERE id = %(segment)s
"""
_REMEMBER = """
    INSERT INTO segments_size (segment_id, day, size) SELECT id, %(today)s, size FROM segments_segment
    WHERE id = %(segment)s ON CONFLICT (segment_id, day) DO UPDATE SET size = excluded.size
"""


def apply_target(segment: int, target: ContactQuerySet, day: datetime.date) -> tuple[int, int]:
    """Makes these contacts the members of a segment; returns how many have entered and how many have left."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCE.format(segment=segment, target=bound(target)))
        cursor.execute(_BY_INDEX.format("off"))
        cursor.execute(_WHOLE.format(apply=apply_sql(day)))
        entered, left = cursor.fetchone()
        cursor.execute(f"{_BY_INDEX.format('on')}; DROP TABLE segments_difference")
    return entered, left


def bound(target: ContactQuerySet) -> str:
    """A statement that selects the ids of contacts, with its parameters in it as the database's driver writes them."""
    try:
        return str(mogrify(*target.order_by().values("pk").query.sql_with_params(), connection))
    except EmptyResultSet:
        return "SELECT id FROM contacts_contact WHERE false"


def apply_sql(day: datetime.date) -> str:
    """What is done with a difference, on a day."""
    return str(mogrify(_APPLY, {"today": day}, connection))


def _finish(segment: Segment, **changes: object) -> None:
    """Unless the definition has been changed or it has come due again meanwhile, which leaves it due."""
    Segment.objects.filter(pk=segment.pk, version=segment.version, due_at=segment.due_at).update(**changes)
