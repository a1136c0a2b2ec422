"""Rows from the database into a file, by COPY: the database itself makes the lines, labels and local times included."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.db import DataError, connection, transaction
from django.db.models import F, QuerySet

from activity import keyset
from activity.exports.guard import guarded_rows
from activity.exports.tables import Table

# Rows that are looked through together.
_AT_ONCE = 500


class _Lines:
    """The file that COPY writes into, a row at a time; PostgreSQL sends each row as one message."""

    def __init__(self, file: BinaryIO, change: Callable[[Sequence[bytes]], bytes]) -> None:
        self._file = file
        self._change = change
        self._rows: list[bytes] = []
        self.count = 0

    def write(self, row: bytes) -> None:
        self._rows.append(row)
        if len(self._rows) == _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        self.count += len(self._rows)
        self._file.write(self._change(self._rows))
        self._rows.clear()


def copy_some(
    table: Table[Any], file: BinaryIO, *, after: Sequence[str] | None, most: int, guarded: bool
) -> tuple[int, list[str] | None]:
    """Writes about `most` rows behind a key as CSV. Returns how many, and the last one's key; None when that was all.

    To be called in a transaction: it sets the time zone of that.
    """
    rest = rows_behind(table, after) if after else table.rows
    end = _key_at(table, rest, most - 1)
    if end is not None:
        rest = keyset.up_to(rest, order=table.order, at=table.place(end), descending=table.descending)
    lines = _Lines(file, guarded_rows if guarded else b"".join)
    rows = rest.order_by(*_directions(table)).values_list(*(column.cell for column in table.columns))
    with connection.cursor() as cursor, _zone(cursor, table.zone):
        sql = cursor.mogrify(*rows.query.sql_with_params()).decode()
        cursor.copy_expert(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", lines)
    lines.flush()
    return lines.count, end


def zone_known(name: str) -> bool:
    """Whether PostgreSQL has a time zone of this name."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT now() AT TIME ZONE %s", [name])
    except DataError:
        return False
    return True


def rows_behind(table: Table[Any], key: Sequence[str]) -> "QuerySet[Any]":
    """The rows behind the one that a key tells."""
    return keyset.behind(table.rows, order=table.order, at=table.place(key), descending=table.descending)


def _key_at(table: Table[Any], rows: "QuerySet[Any]", place: int) -> list[str] | None:
    found = rows.order_by(*_directions(table)).values_list(*table.order)[place : place + 1]
    return next((table.key_of(values) for values in found), None)


def _directions(table: Table[Any]) -> list[Any]:
    return [F(name).desc() if table.descending else F(name).asc() for name in table.order]


@contextmanager
def _zone(cursor: Any, name: str) -> Iterator[None]:
    """Lets the database turn times into those of a zone. What Django reads, it takes for those of its own zone."""
    cursor.execute("SET LOCAL TIME ZONE %s", [name])
    yield
    cursor.execute("SET LOCAL TIME ZONE %s", [connection.timezone_name])
