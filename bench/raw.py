"""What PostgreSQL itself can do, with nothing of ours in between: in one transaction, in seconds with its commit."""

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class that psycopg2 spells like a function

from bench.files import COPIED


def copy_in(url: str, lines: Path) -> float:
    """COPY of all rows into the contacts, with their indexes and constraints."""

    def work(cursor: Cursor) -> None:
        with lines.open("rb") as file:
            cursor.copy_expert(f"COPY contacts_contact ({COPIED}) FROM STDIN", file)

    return _seconds(url, work)


def compare(url: str, lines: Path) -> float:
    """COPY of all rows into a temporary table, and a join by userId that looks for a contact with another value."""

    def work(cursor: Cursor) -> None:
        cursor.execute(f"CREATE TEMP TABLE aside AS SELECT {COPIED} FROM contacts_contact WITH NO DATA")
        with lines.open("rb") as file:
            cursor.copy_expert("COPY aside FROM STDIN", file)
        cursor.execute(
            "SELECT FROM aside a JOIN contacts_contact c USING (contact_list_id, user_id)"
            f" WHERE ({_values('a')}) IS DISTINCT FROM ({_values('c')})"
        )

    return _seconds(url, work)


def update(url: str, change: str) -> float:
    """One UPDATE of every contact."""
    return _seconds(url, lambda cursor: cursor.execute(f"UPDATE contacts_contact SET {change}, updated_at = now()"))


def commit(url: str, times: int = 200) -> float:
    """A commit of a transaction that changes one row; the median of some."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        taken = []
        for _ in range(times):
            cursor.execute("UPDATE contacts_contactlist SET name = name")
            started = time.perf_counter()
            connection.commit()
            taken.append(time.perf_counter() - started)
    return sorted(taken)[times // 2]


def fingerprint(url: str) -> tuple[int, int]:
    """How many contacts there are, and a sum of hashes of all their values but ids and times."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum(hashtextextended(({_values('c')})::text, 0)), 0)::text"
            " FROM contacts_contact c"
        )
        count, total = cursor.fetchone() or (0, 0)
        return int(count), int(total)


def default_list(url: str) -> int:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM contacts_contactlist WHERE is_default")
        return int((cursor.fetchone() or (0,))[0])


def _values(table: str) -> str:
    """All columns of a row but its times."""
    return ", ".join(f"{table}.{name}" for name in COPIED.split(", ") if name not in {"added_at", "modified_at"})


def _seconds(url: str, work: Callable[[Cursor], object]) -> float:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        started = time.perf_counter()
        work(cursor)
        connection.commit()
        return time.perf_counter() - started
