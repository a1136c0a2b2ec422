"""Statements that are put together once, and planned once a connection: both can take several times as long as running
them.

The few that change with what the account defines (`segments.changes`, `scoring.computing`) keep their own.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar, cast
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import Expression, F, Model, QuerySet
from psycopg2.errorcodes import FEATURE_NOT_SUPPORTED, INVALID_SQL_STATEMENT_NAME
from psycopg2.extensions import AsIs
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class that psycopg2 spells like a function

# As many plans a connection keeps, the last ones that were called for. One over all months takes half a megabyte.
_MOST = 60
# A plan is made before its values are known, and stays while tables grow.
_PLANNING = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off"}

_PLACE = re.compile(r"%%|%\((\w+)\)s")
# Around a name, until the values that are known have been written into a statement.
_OPEN, _CLOSE = "\x01", "\x02"
_MARKED = re.compile(f"{_OPEN}(.*?){_CLOSE}")
# What each connection of this process has prepared, the last one called for last.
_prepared = WeakKeyDictionary[Connection, dict[str, None]]()

M = TypeVar("M", bound=Model)


class Given(Expression):
    """In a queryset that becomes part of a statement: what each call gives by this name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (AsIs(f"{_OPEN}{self.name}{_CLOSE}"),)


def written_out(rows: "QuerySet[Any, Any]") -> str:
    """A queryset as part of a statement: with its values in it, and `%(name)s` for each `Given`."""
    sql = str(mogrify(*rows.query.sql_with_params(), connection))
    return _MARKED.sub(r"%(\1)s", sql.replace("%", "%%"))


@dataclass(frozen=True)
class _Related:
    """A foreign key, and the fields of what it leads to, which stand in columns of their own."""

    name: str
    model: type[Model]
    fields: Sequence[str]

    @classmethod
    def of(cls, model: type[Model], name: str) -> Self:
        other = cast("type[Model]", model._meta.get_field(name).related_model)
        return cls(name, other, [field.attname for field in other._meta.concrete_fields])

    @property
    def paths(self) -> dict[str, str]:
        return {f"{self.name}_has_{field}": f"{self.name}__{field}" for field in self.fields}

    def settle(self, row: Model) -> None:
        values = [vars(row).pop(place) for place in self.paths]
        # The first is the key.
        there = self.model.from_db(row._state.db, self.fields, values) if values[0] is not None else None
        setattr(row, self.name, there)


class Prepared:
    """A statement of which each connection keeps one plan. `%(name)s` in it stands for what a call gives.

    `planning`: settings of PostgreSQL under which it is planned, beyond the usual. `before`: what runs before it, in
    the same turn and transaction. `related`: what stands in columns of its rows besides (`of`).
    """

    def __init__(
        self,
        sql: str,
        *,
        planning: Mapping[str, str] | None = None,
        before: str = "",
        related: Sequence[_Related] = (),
    ) -> None:
        names = list(dict.fromkeys(filter(None, _PLACE.findall(sql))))
        self._sql = sql % {name: f"${number}" for number, name in enumerate(names, 1)}
        self._name = f"prepared_{hashlib.sha256(self._sql.encode()).hexdigest()[:32]}"
        local = "".join(f"SET LOCAL {name} = {value}; " for name, value in (_PLANNING | dict(planning or {})).items())
        given = f" ({', '.join(f'%({name})s' for name in names)})" if names else ""
        self._call = f"{before} {local}EXECUTE {self._name}{given}"
        self._related = related

    @classmethod
    def of(
        cls, rows: "QuerySet[Any, Any]", *, planning: Mapping[str, str] | None = None, related: Sequence[str] = ()
    ) -> Self:
        """`related`: foreign keys whose rows come along, as by `select_related`. The driver knows their types."""
        found = tuple(_Related.of(rows.model, name) for name in related)
        columns = {place: F(path) for each in found for place, path in each.paths.items()}
        return cls(written_out(rows.annotate(**columns)), planning=planning, related=found)

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        with self._ready(), connection.cursor() as cursor:
            cursor.execute(self._call, values)
            return list(cursor.fetchall())

    def objects(self, model: type[M], **values: Any) -> list[M]:
        """The rows as objects of the model; what more they have is an attribute of its name."""
        with self._ready():
            found = list(model._default_manager.raw(self._call, values))
        for related in self._related:
            for each in found:
                related.settle(each)
        return found

    def count(self, **values: Any) -> int:
        """How many rows it has changed."""
        with self._ready(), connection.cursor() as cursor:
            cursor.execute(self._call, values)
            return int(cursor.rowcount)

    @contextmanager
    def _ready(self) -> Iterator[None]:
        """This thread's connection knows the statement. One that does not understand it any more ends with the request
        or task: after a migration that has changed what it returns, or behind a pool that gives no whole sessions."""
        # As Django does before it gives a cursor, which is then of this connection.
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        prepared = _prepared.setdefault(connection.connection, {})
        if self._name not in prepared:
            if len(prepared) == _MOST:
                _run(f"DEALLOCATE {next(iter(prepared))}")
                del prepared[next(iter(prepared))]
            _run(f"PREPARE {self._name} AS {self._sql}")
        prepared[self._name] = prepared.pop(self._name, None)
        try:
            yield
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", "") in (FEATURE_NOT_SUPPORTED, INVALID_SQL_STATEMENT_NAME):
                connection.close_at = 0.0
            raise


def _run(statement: str) -> None:
    # Not as Django does it, since it is none of a page's statements.
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(statement)
