"""Scores computed, set by set: those of some contacts by one prepared statement for all rules, as segments are asked.

Nobody is waited for: a contact that somebody else is changing just now is looked at again a little later. So no order
of locks is to be kept with those who change contacts, whatever order they take them in.
"""

import datetime
from collections.abc import Sequence

from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify

from scoring.models import Scoring
from scoring.points import score
from scoring.rules import in_force, key
from segments.definitions import Definitions, everybody

_PREFIX = "scoring_"
# Who changes a contact while this looks at it has noted the change: it is seen the next time.
_COMPUTE = """
    WITH looked (id, score) AS MATERIALIZED ({looked}), due AS MATERIALIZED (
        SELECT id, looked.score FROM looked JOIN contacts_contact AS contact USING (id)
        WHERE contact.score <> looked.score
    ), held AS MATERIALIZED (
        SELECT id, due.score FROM due JOIN contacts_contact AS contact USING (id)
        FOR NO KEY UPDATE OF contact SKIP LOCKED
    ), passed_over AS (
        INSERT INTO scoring_pending (contact_id) SELECT id FROM due WHERE id NOT IN (SELECT id FROM held)
    )
    UPDATE contacts_contact AS contact SET score = held.score, scored_at = now() FROM held WHERE contact.id = held.id
"""


def compute(ids: Sequence[int], day: datetime.date) -> int:
    """Brings the scores of these contacts up to date; returns how many have changed. Within a transaction."""
    name = _prepared(day)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"EXECUTE {name} (%s)", [list(ids)])
        return int(cursor.rowcount)


def _prepared(day: datetime.date) -> str:
    """The name of the statement for the rules as they are now, which this connection knows then."""
    scoring = Scoring.present()
    name = f"{_PREFIX}{key(scoring, day)[:32]}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE starts_with(name, %s)", [_PREFIX])
        known = {row[0] for row in cursor.fetchall()}
        if name not in known:
            for old in known:
                cursor.execute(f"DEALLOCATE {old}")
            cursor.execute(f"PREPARE {name} (bigint[]) AS {_statement(scoring, day)}")
    return name


def _statement(scoring: Scoring, day: datetime.date) -> str:
    definitions = Definitions(day)
    computed = score(in_force(definitions), definitions, scoring)
    rows = everybody().annotate(computed=computed).order_by().values_list("pk", "computed")
    looked = mogrify(*rows.query.sql_with_params(), connection)
    # Behind the condition on the list.
    return _COMPUTE.format(looked=f'{looked} AND "contacts_contact"."id" = ANY($1)')
