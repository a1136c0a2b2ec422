"""The months that events are kept in: each is a partition of its own, made before the first event that needs it.

There is no partition for everything else: rows in it would stand in the way of the month they belong to. So whoever
writes events makes sure of their months first, in the same transaction. That a month is there is remembered once it
is committed; it cannot go while events of it are accepted (`activity.events` refuses those beyond `oldest_kept`).
"""

import datetime
from collections.abc import Iterable

import structlog
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg2.errors import LockNotAvailable
from psycopg2.sql import SQL, Identifier

from activity.audit import Actor, record

log = structlog.get_logger(__name__)

# How many months beyond the present one always exist.
AHEAD = 3
# Longer than this no page waits for a month to be dropped.
LOCK_MILLISECONDS = 2_000

_PREFIX = "activity_event_"
_MONTHS = """
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'activity_event'::regclass ORDER BY relname
"""

_committed: set[datetime.date] = set()


def month_of(at: datetime.datetime) -> datetime.date:
    """The first day of a time's month, in UTC as the partitions are."""
    return at.astimezone(datetime.UTC).date().replace(day=1)


def later(month: datetime.date, months: int) -> datetime.date:
    """The first day of the month so many months later, or earlier."""
    years, rest = divmod(month.month - 1 + months, 12)
    return datetime.date(month.year + years, rest + 1, 1)


def ensure(months: Iterable[datetime.date]) -> int:
    """Makes the months that are missing, within the caller's transaction; returns how many those were.

    Another writer in need of the same month waits for this one. Making a month locks the contacts against writes for
    the rest of the transaction (the foreign key asks for it), so those who write many events should do nothing else.
    """
    missing = sorted(set(months) - _committed)
    if not missing:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FILTER (WHERE activity_make_month(m)) FROM unnest(%s::date[]) AS m", [missing])
        made = int(cursor.fetchone()[0])
    transaction.on_commit(lambda: _committed.update(missing))
    return made


def make_ahead(now: datetime.datetime) -> int:
    """Makes the present month and those ahead; returns how many were missing."""
    present = month_of(now)
    with transaction.atomic():
        return ensure(later(present, months) for months in range(AHEAD + 1))


def ensure_present() -> None:
    """Makes sure of the month of a transaction that begins now; by itself, as it may have to be made."""
    now = timezone.now()
    with transaction.atomic():
        # The clock of the database may be a little ahead.
        ensure({month_of(now), month_of(now + datetime.timedelta(days=1))})


def existing() -> list[datetime.date]:
    """The months that have a partition, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS)
        names = [str(name).removeprefix(_PREFIX) for (name,) in cursor.fetchall()]
    return [datetime.date(int(name[:4]), int(name[5:]), 1) for name in names]


def oldest_kept(now: datetime.datetime) -> datetime.date | None:
    """The first month whose events are kept; None where they are kept for ever."""
    months = settings.EVENTS_KEEP_MONTHS
    return later(month_of(now), -months) if months else None


def drop_old(now: datetime.datetime) -> int:
    """Drops the months before the oldest that is kept, with all their events; returns how many.

    A month that cannot be locked quickly stays for the next time, rather than let readers queue behind it.
    """
    oldest = oldest_kept(now)
    old = [month for month in existing() if oldest is not None and month < oldest]
    return sum(map(_drop, old))


def _drop(month: datetime.date) -> bool:
    _committed.discard(month)
    name = f"{_PREFIX}{month:%Y_%m}"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_MILLISECONDS}ms"])
            cursor.execute(SQL("DROP TABLE {}").format(Identifier(name)))
            record(actor=Actor(), verb="events.drop_month", month=f"{month:%Y-%m}")
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        log.warning("month_in_use", month=f"{month:%Y-%m}")
        return False
    return True
