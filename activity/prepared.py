"""Statements that are put together once, and planned once: both can take several times as long as running them."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Self
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import Expression, QuerySet
from psycopg2.extensions import AsIs
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class that psycopg2 spells like a function

# As many plans a connection keeps, the last ones that were called for. One over all months takes half a megabyte.
_MOST = 60

_PLACE = re.compile(r"%\((\w+)\)s")
# Around a name, until the values that are known have been written into a statement.
_OPEN, _CLOSE = "\x01", "\x02"
_MARKED = re.compile(f"{_OPEN}(.*?){_CLOSE}")
# What each connection of this process has prepared, the last one called for last.
_prepared = WeakKeyDictionary[Connection, dict[str, None]]()


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


class Prepared:
    """A statement of which each connection keeps the plan. `%(name)s` in it stands for what a call gives.

    `planning`: settings of PostgreSQL under which it is planned. With any, the plan is one for all values.
    """

    def __init__(self, sql: str, *, planning: Mapping[str, str] | None = None) -> None:
        names = list(dict.fromkeys(_PLACE.findall(sql)))
        self._sql = sql % {name: f"${number}" for number, name in enumerate(names, 1)}
        local = {**planning, "plan_cache_mode": "force_generic_plan"} if planning else {}
        before = "".join(f"SET LOCAL {name} = {value}; " for name, value in local.items())
        self._name = f"prepared_{hashlib.sha256(self._sql.encode()).hexdigest()[:32]}"
        given = f" ({', '.join(f'%({name})s' for name in names)})" if names else ""
        self._call = f"{before}EXECUTE {self._name}{given}"

    @classmethod
    def of(cls, rows: "QuerySet[Any, Any]", *, planning: Mapping[str, str] | None = None) -> Self:
        return cls(written_out(rows), planning=planning)

    def ready(self) -> str:
        """The statement that runs it, with its parameters; this thread's connection understands it from now on."""
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
        return self._call


def _run(statement: str) -> None:
    # Not as Django does it, since it is none of a page's statements.
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(statement)
