"""What keeps scores true: looking at who has changed, and at everybody where the rules or the day have.

Segments hand on whom they have looked at, so that triggers have one queue to fill; who gets another score goes into
that queue again, as with any change, and segments that ask for the score see it. Rules ask for no score, so that comes
to rest.
"""

import datetime
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Max
from django.utils.timezone import now

from scoring.computing import compute
from scoring.models import Pending, Scoring
from scoring.rules import key
from segments.definitions import everybody
from segments.evaluation import today

BATCH = 5_000
# So long segments wait for their turn.
SECONDS = 3.0
_LOCK = 7_366_003

_TAKE = """
    WITH taken AS (
        DELETE FROM scoring_pending WHERE id IN (
            SELECT id FROM scoring_pending WHERE id <= %s ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        ) RETURNING contact_id
    )
    SELECT DISTINCT contact_id FROM taken
"""


def keep_up(seconds: float = SECONDS) -> None:
    """Brings scores up to date for about so long; called every few seconds, by the worker that evaluates segments.

    What is there to be done is in the database, so it may be killed anywhere, and two at once do the work of one.
    """
    end = time.monotonic() + seconds
    look_at_pending(until=end)
    while walk() and time.monotonic() < end:
        # However many there are, who changes meanwhile does not wait for all of them.
        look_at_pending(until=end)


def note(ids: Sequence[int]) -> None:
    """Has these contacts looked at soon, within the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO scoring_pending (contact_id) SELECT unnest(%s::bigint[])", [list(ids)])


def renew() -> None:
    """Has everybody looked at anew."""
    Scoring.objects.filter(pk=1).update(key="")


def look_at_pending(*, until: float = math.inf, batch: int = BATCH, as_of: datetime.date | None = None) -> int:
    """Computes the scores of who has changed, a batch a transaction; returns how many there were. Those that come
    meanwhile stay for the next time, as do those after the batch at which `until` is over (`time.monotonic()`)."""
    last = Pending.objects.aggregate(last=Max("pk"))["last"] or 0
    count = 0
    while some := _look_at_batch(last, batch, as_of):
        count += some
        if time.monotonic() >= until:
            break
    return count


def _look_at_batch(last: int, batch: int, as_of: datetime.date | None) -> int:
    with _alone() as is_alone, connection.cursor() as cursor:
        if not is_alone:
            return 0
        cursor.execute(_TAKE, [last, batch])
        ids = [pk for (pk,) in cursor.fetchall()]
        if ids:
            compute(ids, as_of or today())
    return len(ids)


def walk(*, batch: int = BATCH, as_of: datetime.date | None = None) -> bool:
    """Computes the scores of the next contacts, where what scores are computed by has changed; returns whether there
    are more."""
    with _alone() as is_alone:
        return is_alone and _step(batch, as_of or today())[0]


def _step(batch: int, day: datetime.date) -> tuple[bool, int]:
    """Whether there are more, and how many scores have changed; within a transaction that is alone.

    The row of the account is held first: nobody is waited for once contacts are held.
    """
    scoring = Scoring.held()
    present = key(scoring, day)
    if scoring.key != present:
        scoring.key, scoring.after = present, 0
    elif scoring.after is None:
        return False, 0
    after = scoring.after or 0
    ids = list(everybody().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:batch])
    changed = compute(ids, day)
    scoring.after = ids[-1] if len(ids) == batch else None
    if scoring.after is None:
        scoring.finished_at = now()
    scoring.save(update_fields=["key", "after", "finished_at"])
    return scoring.after is not None, changed


@contextmanager
def _alone(*, wait: bool = False) -> Iterator[bool]:
    """A transaction; tells whether nobody else computes scores until it ends: what is older would be written later."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_{'' if wait else 'try_'}advisory_xact_lock(%s)", [_LOCK])
        yield wait or bool(cursor.fetchone()[0])


def recompute() -> int:
    """Computes all scores anew, whatever they have been computed by; returns how many this has changed.

    For after events or contacts have been changed behind our back. It is the walk that workers go on with, so a change
    of the rules or a renewal that comes meanwhile has it begin anew, and what workers do of it is not counted.
    """
    renew()
    total, are_more = 0, True
    while are_more:
        with _alone(wait=True):
            are_more, changed = _step(BATCH, today())
        total += changed
    return total
