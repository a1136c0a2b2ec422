"""Writes rows by COPY, beside the making of the next ones."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg2.sql import SQL, Identifier

from contacts.models import ContactList
from contacts.seeding.people import Row

CHUNK = 10_000

_COLUMNS = SQL(", ").join(map(Identifier, Row._fields))
_STAGE = SQL("CREATE TEMP TABLE seed_row AS SELECT {} FROM contacts_contact WITH NO DATA").format(_COLUMNS)
# In CSV null and "" look the same: those that cannot be null are "".
_COPY = "COPY seed_row FROM STDIN (FORMAT csv, FORCE_NOT_NULL (first_name, last_name, language, timezone, updated_via))"
_VALUES = SQL(", ").join(
    SQL("variables - %(without)s::text[]") if name == "variables" else Identifier(name) for name in Row._fields
)
_INSERT = SQL("""
    INSERT INTO contacts_contact ({}, score_base, contact_list_id, avatar_url, added_via, modified_at)
    SELECT {}, score, %(list)s, '', 'demo', coalesce(updated_at, added_at) FROM seed_row ORDER BY added_at
    ON CONFLICT DO NOTHING
""").format(_COLUMNS, _VALUES)


class _Chunk(NamedTuple):
    size: int
    csv: bytes


def write(
    rows: Iterator[Row],
    *,
    count: int,
    contact_list: ContactList,
    without: Sequence[str],
    report: Callable[[int], None],
) -> None:
    """Adds `count` rows to the list, or all if there are fewer, within the caller's transaction.

    Those whose identifiers belong to another contact are passed over, and later rows come in their place. Variables
    `without` are left out. `report` is told how many have been added so far.
    """
    added = 0
    with connection.cursor() as cursor, ThreadPoolExecutor(1) as beside:
        cursor.execute(_STAGE)
        chunk = _take(rows, count)
        while chunk.size:
            adding = beside.submit(_add, cursor, chunk, contact_list, without)
            following = _take(rows, count - added - chunk.size)
            added += adding.result()
            report(added)
            chunk = following if following.size else _take(rows, count - added)
        cursor.execute("DROP TABLE seed_row; ANALYZE contacts_contact")


def _take(rows: Iterator[Row], most: int) -> _Chunk:
    taken = list(islice(rows, min(most, CHUNK)))
    text = io.StringIO()
    csv.writer(text).writerows(taken)
    return _Chunk(len(taken), text.getvalue().encode())


def _add(cursor: CursorWrapper, chunk: _Chunk, contact_list: ContactList, without: Sequence[str]) -> int:
    cursor.copy_expert(_COPY, io.BytesIO(chunk.csv))
    cursor.execute(_INSERT, {"list": contact_list.pk, "without": list(without)})
    added = int(cursor.rowcount)
    cursor.execute("TRUNCATE seed_row")
    return added
