"""Chunks of rows into contacts, set by set: each chunk is copied into a staging table and merged by a few statements.

The result is the same as if the rows were merged one after the other. Rows of a chunk that touch the same contact, or
share an identifier, wait for one another: each round merges those that no earlier row stands in front of.
"""

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import Error, connection
from django.utils.translation import gettext as _

from activity.audit import Actor
from activity.catalogue import Channel, Kind, Origin, Status
from activity.events import recording
from contacts.digests import Digest
from contacts.imports import conflicts, consents
from contacts.imports.consents import Kept, Stage
from contacts.imports.mapping import IDENTIFIERS, Mapping
from contacts.imports.parsing import Chunk, Refusal
from contacts.imports.reading import Row
from contacts.models import Contact, ContactList, Erasure, Via

_COLUMNS = {
    "user_id": "text",
    "email": "text",
    "phone": "text",
    "first_name": "text",
    "last_name": "text",
    "birthday": "date",
    "gender": "smallint",
    "language": "text",
    "source": "bigint",
    "timezone": "text",
    "avatar_url": "text",
    "score_base": "integer",
}
# What a contact has where a row says nothing; the others are null then.
_EMPTY = dict.fromkeys(("first_name", "last_name", "language", "timezone", "avatar_url"), "''")
_EMPTY |= dict.fromkeys(("gender", "score_base"), "0")

# From so many contacts on, autovacuum keeps the planner's statistics good enough.
_FEW = 1_000

# Bytes that COPY is given at a time.
_PIECE = 1 << 20

_ADDED = recording(Kind(Channel.CONTACT, Origin.ADDED, Status.NONE), of="added", data='{"by": "import"}')

_NOBODY = Actor()


@dataclass
class Outcome:
    """What became of a chunk's rows."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    # Rows that were folded into the one before, and went where that one went.
    repeated: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    # What else changed of the contacts that may be written to, by word, and what stayed as it was.
    consents: Counter[str] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)

    def refuse(self, rows: Sequence[Row], code: str, reason: str) -> None:
        """Refuses a line with all the rows that were folded into it."""
        self.refusals += [Refusal(row, code, reason) for row in rows]
        self.repeated -= len(rows) - 1


class ErasedMeanwhile(Exception):
    """Somebody was erased while a chunk was merged; it has to be merged anew."""


class Merger:
    """Merges chunks into the contacts of a list; as a rehearsal into a copy that only this session sees.

    The rehearsal takes the same statements, so what it counts is what the import will do. People who were erased after
    `since`, when the file came, are not brought back.
    """

    def __init__(
        self,
        mapping: Mapping,
        contact_list: ContactList,
        *,
        since: datetime,
        rehearsal: bool = False,
        actor: Actor = _NOBODY,
    ) -> None:
        self.mapping = mapping
        self.actor = actor
        self.contact_list = contact_list
        self.since = since
        self.rehearsal = rehearsal
        self.table = "import_rehearsal" if rehearsal else Contact._meta.db_table
        self.identifiers = [name for name in IDENTIFIERS if name in mapping.fields]
        self.fields = self.identifiers + [name for name in mapping.fields if name not in self.identifiers]
        self.consents = [consents.FIELDS[key] for key in mapping.consents]
        self.parameters: dict[str, int | str | None] = {
            "list": contact_list.pk,
            "via": Via.IMPORT.value,
            "source": mapping.source_id,
        }

    @contextmanager
    def staged(self) -> Iterator[None]:
        """Makes this session's staging tables, and drops them however it ends: the session of a worker lasts."""
        self._prepare()
        try:
            yield
        finally:
            with suppress(Error):  # where the session is gone, so are they
                self._clear()

    def _prepare(self) -> None:
        typed = [f"{name} {_COLUMNS[name]}" for name in self.fields] + [f"{name} boolean" for name in self.consents]
        columns = ", ".join(typed)
        self._clear()
        self._run(f"CREATE TEMP TABLE import_row (n integer, {columns}, variables jsonb)")
        self._run(
            "CREATE TEMP TABLE import_match (n integer, contact_id bigint, by_user_id bigint, by_email bigint,"
            " by_phone bigint, refusal smallint, ready boolean)"
        )
        if self.consents:
            self._prepare_consents()
        if self.rehearsal:
            self._prepare_rehearsal()

    def _clear(self) -> None:
        tables = ("import_row", "import_match", "import_rehearsal", "import_consent", "import_state")
        self._run("DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{name}" for name in tables))

    def _prepare_consents(self) -> None:
        self._run(
            "CREATE TEMP TABLE import_consent"
            " (n integer, contact_id bigint, wanted boolean, own smallint, gone boolean)"
        )
        self._run(
            "CREATE TEMP TABLE import_state (contact_id bigint, channel smallint, state smallint,"
            " PRIMARY KEY (contact_id, channel))"
        )

    def _prepare_rehearsal(self) -> None:
        contacts = Contact._meta.db_table
        self._run(f"CREATE TEMP TABLE import_rehearsal (LIKE {contacts} INCLUDING DEFAULTS INCLUDING IDENTITY)")
        # Far from the ids of the contacts that are copied in.
        self._run(f"ALTER TABLE import_rehearsal ALTER id RESTART WITH {conflicts.REHEARSED}")
        self._run("CREATE UNIQUE INDEX ON import_rehearsal (id)")
        for name in IDENTIFIERS:
            self._run(f"CREATE UNIQUE INDEX ON import_rehearsal (contact_list_id, {name}) WHERE {name} IS NOT NULL")

    def merge(self, chunk: Chunk) -> Outcome:
        """Merges one chunk, within the caller's transaction."""
        outcome = Outcome(repeated=chunk.repeated)
        if not chunk.lines:
            return outcome
        if not self.rehearsal:  # two imports of the same people would wait for each other in a circle
            self._run("SELECT pg_advisory_xact_lock(hashtext('contacts.imports'), %(list)s::integer)")
        self._run("TRUNCATE import_row, import_match")
        self._copy(chunk)
        self._refuse_erased(chunk, outcome)
        # Contacts are met by index; without statistics of the new rows the planner might read whole tables instead.
        self._run("SET LOCAL enable_seqscan = off")
        if self.rehearsal:
            self._copy_contacts()
        else:
            self._measure()
        while True:
            self._match(shared=chunk.dependent > 0)
            waiting = self._hold_back()
            self._refuse(chunk, outcome)
            outcome.new += self._insert()
            matched, updated = self._update()
            outcome.updated += updated
            outcome.unchanged += matched - updated
            if self.consents:
                self._apply_consents(outcome)
            if not waiting:
                break
            self._run("DELETE FROM import_row r USING import_match m WHERE m.n = r.n AND m.ready")
            self._run("DELETE FROM import_match")
        self._look_for_erasures()
        return outcome

    def _refuse_erased(self, chunk: Chunk, outcome: Outcome) -> None:
        """Takes out the rows of people who have been erased since the file came."""
        self.erasures = Erasure.objects.filter(at__gt=self.since).count()
        if not self.erasures:
            return
        digests = [Digest.sql(f"r.{name}") for name in self.identifiers]
        found = " OR ".join(f"{sql} IN (SELECT digest FROM erased)" for sql, _parameters in digests)
        parameters: Any = [self.since, *(each for _sql, pads in digests for each in pads)]
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH erased AS MATERIALIZED (SELECT unnest(digests) AS digest FROM contacts_erasure WHERE at > %s)"
                f" DELETE FROM import_row r WHERE {found} RETURNING n",
                parameters,
            )
            numbers = sorted(number for (number,) in cursor.fetchall())
        reason = _("This person was erased after the file had been uploaded. Upload it anew if they are to come back")
        for number in numbers:
            outcome.refuse(chunk.rows[number], "erased", reason)

    def _look_for_erasures(self) -> None:
        """Whoever was erased while the chunk was merged may have come back by it: then it is merged anew."""
        if Erasure.objects.filter(at__gt=self.since).count() != self.erasures:
            raise ErasedMeanwhile

    def _copy(self, chunk: Chunk) -> None:
        columns = ", ".join(["n", *self.fields, *self.consents, "variables"])
        with connection.cursor() as cursor:
            # In few pieces: for each of them this thread has to wait for its turn with the one that parses.
            cursor.copy_expert(f"COPY import_row ({columns}) FROM STDIN", io.BytesIO(b"".join(chunk.lines)), _PIECE)

    def _copy_contacts(self) -> None:
        """Brings the contacts that this chunk may touch into the rehearsal, once each."""
        for name in self.identifiers:
            self._run(
                "INSERT INTO import_rehearsal OVERRIDING SYSTEM VALUE SELECT known.* FROM import_row r"
                f" JOIN {self._known(Contact._meta.db_table, name)} known ON true ON CONFLICT (id) DO NOTHING"
            )

    def _measure(self) -> None:
        """Tells the planner of the first contacts: it takes a new table for empty, and any index for as good."""
        if self._value(f"SELECT reltuples < {_FEW} FROM pg_class WHERE oid = '{self.table}'::regclass"):
            self._run(f"ANALYZE {self.table} ({', '.join(['contact_list_id', *self.identifiers])})")

    @staticmethod
    def _known(table: str, name: str) -> str:
        """The contact that has a row's identifier. The limit, which changes nothing, makes it one index probe a row."""
        condition = f"c.contact_list_id = %(list)s AND c.{name} = r.{name}"
        return f"LATERAL (SELECT c.* FROM {table} c WHERE {condition} LIMIT 1)"

    def _match(self, *, shared: bool) -> None:
        """Finds each row's contact, and which rows may go now. `shared`: some rows have identifiers in common."""
        keys = ["matched.contact_id", *(f"matched.{name}" for name in self.identifiers if shared)]
        first = " AND ".join(
            f"({key} IS NULL OR row_number() OVER (PARTITION BY {key} ORDER BY matched.n) = 1)" for key in keys
        )
        self._run(
            f"INSERT INTO import_match SELECT n, contact_id, by_user_id, by_email, by_phone, refusal, {first}"
            f" FROM ({self._matched()}) matched"
        )

    def _hold_back(self) -> int:
        """Puts conflicts and the rows around them in their turn; returns how many rows wait in all."""
        count = (
            "SELECT count(*) FILTER (WHERE refusal IS NOT NULL), count(*) FILTER (WHERE NOT ready) FROM import_match"
        )
        found, waiting = self._rows(count)[0]
        if not found:
            return int(waiting)
        self._run("SET LOCAL enable_nestloop = off")
        keys = ", ".join(f"r.{name}" for name in self.identifiers)
        rows = self._rows(
            f"SELECT m.n, ready, refusal IS NOT NULL, ARRAY[by_user_id, by_email, by_phone], ARRAY[{keys}]"
            " FROM import_match m JOIN import_row r ON r.n = m.n ORDER BY m.n"
        )
        self._run("SET LOCAL enable_nestloop = on")
        changed = conflicts.other_turns(rows)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE import_match SET ready = NOT ready WHERE n = ANY(%s)", [changed])
        return int(self._rows(count)[0][1])

    def _matched(self) -> str:
        """Each row with the contact of each of its identifiers, and why it cannot be merged, if so.

        An identifier may be replaced only through a stronger one: ID, then email, then phone number. So a switchboard's
        number shared by many people does not turn them into one.
        """
        ids = {name: f"by_{name}.id" if name in self.identifiers else "NULL::bigint" for name in IDENTIFIERS}
        joins = " ".join(f"LEFT JOIN {self._known(self.table, name)} by_{name} ON true" for name in self.identifiers)
        found = ", ".join(f"{expression} AS by_{name}" for name, expression in ids.items())
        known = [f"by_{name}" for name in self.identifiers]
        contact = f"coalesce({', '.join(f'{name}.id' for name in known)})"
        two = " OR ".join(f"{name}.id <> {contact}" for name in known)
        refusal = f"CASE WHEN {two} THEN {conflicts.TWO_CONTACTS}"
        if "user_id" in self.identifiers and len(known) > 1:
            weaker = ", ".join(f"{name}.user_id" for name in known[1:])
            refusal += f" WHEN by_user_id.id IS NULL AND r.user_id <> coalesce({weaker}) THEN {conflicts.OTHER_USER_ID}"
        if {"email", "phone"} <= set(self.identifiers):
            user = "by_user_id.id IS NULL AND " if "user_id" in self.identifiers else ""
            refusal += f" WHEN {user}by_email.id IS NULL AND r.email <> by_phone.email THEN {conflicts.OTHER_EMAIL}"
        row = ", ".join(f"r.{name}" for name in self.identifiers)
        return (
            f"SELECT r.n, {row}, {contact} AS contact_id, {found}, {refusal} END AS refusal FROM import_row r {joins}"
        )

    def _refuse(self, chunk: Chunk, outcome: Outcome) -> None:
        rows = self._rows(
            "SELECT n, refusal, by_user_id, by_email, by_phone, contact_id FROM import_match"
            " WHERE ready AND refusal IS NOT NULL ORDER BY n"
        )
        for number, kind, *owners, contact_id in rows:
            code, reason = conflicts.told(kind, owners, contact_id)
            outcome.refuse(chunk.rows[number], code, reason)

    def _insert(self) -> int:
        values = {
            name: f"coalesce(r.{name}, {_EMPTY[name]})" if name in _EMPTY else f"r.{name}" for name in self.fields
        }
        source = f"coalesce({values.pop('source', 'NULL')}, %(source)s::bigint)"
        missing = {name: empty for name, empty in _EMPTY.items() if name not in self.fields}
        columns = {
            **values,
            **missing,
            "source_id": source,
            "variables": "jsonb_strip_nulls(r.variables)" if self.mapping.clear_blanks else "r.variables",
            "contact_list_id": "%(list)s",
            # Segments that ask for the score look at the contact before the rules do.
            "score": values.get("score_base", "0"),
            "is_active": "true",
            "added_at": "now()",
            "added_via": "%(via)s",
            "updated_via": "''",
            "modified_at": "now()",
        }
        # Without statistics of the staging tables the planner might compare each of their rows with every other.
        self._run("SET LOCAL enable_nestloop = off")
        insert = (
            f"INSERT INTO {self.table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
            " FROM import_match m JOIN import_row r ON r.n = m.n"
            " WHERE m.ready AND m.refusal IS NULL AND m.contact_id IS NULL ORDER BY m.n"
        )
        inserted = self._run(insert if self.rehearsal else f"WITH added AS ({insert} RETURNING id) {_ADDED}")
        self._run("SET LOCAL enable_nestloop = on")
        return inserted

    def _update(self) -> tuple[int, int]:
        """How many rows had a contact, and of how many the contact changed."""
        ready = "m.ready AND m.refusal IS NULL AND m.contact_id IS NOT NULL"
        matched = int(self._value(f"SELECT count(*) FROM import_match m WHERE {ready}"))
        if not matched:
            return 0, 0
        self._run("ANALYZE import_match")
        changes = self._changes()
        new, old = ", ".join(changes.values()), ", ".join(f"c.{name}" for name in changes)
        updated = self._run(
            f"UPDATE {self.table} c SET {', '.join(f'{name} = {value}' for name, value in changes.items())},"
            " updated_at = now(), updated_via = %(via)s, modified_at = now()"
            " FROM import_match m JOIN import_row r ON r.n = m.n"
            f" WHERE c.id = m.contact_id AND {ready} AND ({old}) IS DISTINCT FROM ({new})"
        )
        return matched, updated

    def _apply_consents(self, outcome: Outcome) -> None:
        """What the merged rows say of permission to send; before that the new contacts are told to their rows."""
        for name in self.identifiers:
            self._run(
                f"UPDATE import_match m SET contact_id = c.id FROM import_row r, {self.table} c WHERE m.n = r.n"
                f" AND m.ready AND m.refusal IS NULL AND m.contact_id IS NULL"
                f" AND c.contact_list_id = %(list)s AND c.{name} = r.{name}"
            )
        stage = Stage(self.table, self.rehearsal, self.mapping.consents, self.mapping.consent, self.actor)
        done = consents.apply(stage)
        outcome.consents += done.changed
        outcome.kept += done.kept

    def _changes(self) -> dict[str, str]:
        """The new value of each column. Blank cells leave what is there, unless asked; an identifier always stays."""
        changes = {}
        for name in self.fields:
            column = "source_id" if name == "source" else name
            keep = not self.mapping.clear_blanks or name in IDENTIFIERS
            changes[column] = f"coalesce(r.{name}, {f'c.{column}' if keep else _EMPTY.get(name, 'NULL')})"
        if self.mapping.source_id:
            changes["source_id"] = f"coalesce({changes.get('source_id', 'c.source_id')}, %(source)s::bigint)"
        if self.mapping.variables:
            merged = "c.variables || r.variables"
            changes["variables"] = f"jsonb_strip_nulls({merged})" if self.mapping.clear_blanks else merged
        return changes

    def _run(self, sql: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, self.parameters)
            return int(cursor.rowcount)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, self.parameters)
            return list(cursor.fetchall())

    def _value(self, sql: str) -> Any:
        return self._rows(sql)[0][0]
