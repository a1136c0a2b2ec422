"""Statements that are put together once, and planned once: both can take several times as long as running them."""

import hashlib
from collections.abc import Mapping
from typing import Any, Self
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import Expression, QuerySet
from django.db.models.expressions import Combinable
from psycopg2.extensions import AsIs
from psycopg2.extensions import connection as Connection  # noqa: N812 - a class that psycopg2 spells like a function

from contacts.models import Contact

# Stands for what is given, until the values that are known have been written into a statement.
_MARK = "\x01"
# What each connection of this process has prepared.
_prepared = WeakKeyDictionary[Connection, set[str]]()


class Given(Expression):
    """In a queryset that becomes part of a statement: what each call gives."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (AsIs(_MARK),)


def written_out(rows: "QuerySet[Any, Any]") -> str:
    """A queryset as part of a statement: with its values in it, and `%s` for each `Given`."""
    sql = str(mogrify(*rows.query.sql_with_params(), connection))
    return sql.replace("%", "%%").replace(_MARK, "%s")


class Prepared:
    """A statement of which each connection keeps the plan. `%s` in it stands for what a call gives."""

    def __init__(self, sql: str) -> None:
        values = sql.replace("%%", "").count("%s")
        self._sql = sql % tuple(f"${number}" for number in range(1, values + 1))
        self._name = f"prepared_{hashlib.sha256(self._sql.encode()).hexdigest()[:32]}"
        self._call = f"EXECUTE {self._name} ({', '.join(['%s'] * values)})"

    @classmethod
    def of(cls, rows: "QuerySet[Any, Any]") -> Self:
        return cls(written_out(rows))

    def ready(self) -> str:
        """The statement that runs it, with its parameters; this thread's connection understands it from now on."""
        with connection.cursor() as cursor:
            prepared = _prepared.setdefault(connection.connection, set())
            if self._name not in prepared:
                with connection.wrap_database_errors:  # not through Django: it is no statement of a page's
                    cursor.cursor.execute(f"PREPARE {self._name} AS {self._sql}")
                prepared.add(self._name)
        return self._call


class OneContact:
    """Asks for attributes and annotations of one contact, as the database gives them: JSON as text."""

    def __init__(self, *attributes: str, **annotations: Combinable) -> None:
        self.names = (*attributes, *annotations)
        rows = Contact.objects.filter(pk=Given()).annotate(**annotations)
        self._statement = Prepared.of(rows.values_list(*self.names))

    def of(self, contact_id: int) -> Mapping[str, Any]:
        """By name. Raises `Contact.DoesNotExist`."""
        with connection.cursor() as cursor:
            cursor.execute(self._statement.ready(), [contact_id])
            row = cursor.fetchone()
        if row is None:
            raise Contact.DoesNotExist
        return dict(zip(self.names, row, strict=True))
