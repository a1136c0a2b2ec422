"""A transfer as seen from outside, through PostgreSQL alone."""

from contextlib import closing
from typing import Any, NamedTuple

import psycopg2


class Sight(NamedTuple):
    """Where a transfer is. `fence` counts the workers that have taken it."""

    pk: int
    step: str
    state: str
    done: int
    fence: int
    error: str
    folder: str
    result: dict[str, Any]


def look(url: str) -> Sight | None:
    """The newest transfer of a database; None while PostgreSQL is away."""
    try:
        with closing(psycopg2.connect(url, connect_timeout=5)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, step, state, done, fence, error, folder::text, result"
                " FROM activity_transfer ORDER BY id DESC LIMIT 1"
            )
            row = cursor.fetchone()
    except psycopg2.OperationalError:
        return None
    if row is None:
        raise LookupError("There is no transfer.")
    return Sight(*row)
