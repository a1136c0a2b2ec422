"""The pieces that definitions are compiled to, where Django has none."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Case, DateField, DecimalField, F, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import TruncDate
from django.utils.timezone import get_default_timezone


def verdicts(conditions: Iterable[Q]) -> Func:
    """Whether each of them holds, in one array."""
    return Func(
        *(Case(When(holds, then=Value(True)), default=Value(False)) for holds in conditions),
        template="ARRAY[%(expressions)s]",
        output_field=ArrayField(BooleanField()),
    )


class Column(Expression):
    """A column of what stands beside the contacts in a statement that is put together by hand."""

    def __init__(self, table: str, name: str, output_field: Any) -> None:
        super().__init__(output_field=output_field)
        self.table, self.name = table, name

    def as_sql(self, _compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        quoted = connection.ops.quote_name
        return f"{quoted(self.table)}.{quoted(self.name)}", ()


class Nth(Func):
    """The element of an array of days at a place, from 1; null where it has not so many."""

    output_field = DateField()

    def __init__(self, of: Combinable, place: int) -> None:
        super().__init__(of, template=f"(%(expressions)s)[{place}]")


class NotTrue(Func):
    """True where a condition is false or cannot be told, as of a value that is not there."""

    template = "(%(expressions)s) IS NOT TRUE"
    output_field = BooleanField()
    conditional = True


class Numeric(Func):
    """A number of any size."""

    template = "(%(expressions)s)::numeric"
    output_field = DecimalField()


class _OfVariable(Func):
    """A variable of a contact, by its name."""

    def __init__(self, name: str) -> None:
        super().__init__(F("variables"), Value(name), output_field=self._field())

    def _field(self) -> Any:
        return TextField()

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        column, name = (compiler.compile(each) for each in self.source_expressions)
        count = self.template.count("{0}")
        sql = self.template.format(f"({column[0]} -> {name[0]})", f"({column[0]} ->> {name[0]})")
        return sql, (*column[1], *name[1]) * (count + self.template.count("{1}"))


class VariableText(_OfVariable):
    """Its text; null where it has none."""

    template = "NULLIF({1}, '')"


class VariableNumber(_OfVariable):
    template = "CASE WHEN jsonb_typeof({0}) = 'number' THEN {1}::numeric END"

    def _field(self) -> Any:
        return DecimalField()


class VariableDate(_OfVariable):
    template = "CASE WHEN {1} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' THEN {1}::date END"

    def _field(self) -> Any:
        return DateField()


class VariableBoolean(_OfVariable):
    template = "CASE WHEN jsonb_typeof({0}) = 'boolean' THEN {1}::boolean END"

    def _field(self) -> Any:
        return BooleanField()


class YearsOn(Func):
    """A date so many calendar years later; of 29 February the 28th, where the year has no other."""

    template = "(%(expressions)s)::date"
    arg_joiner = " + "
    output_field = DateField()

    def __init__(self, of: Combinable, year: int) -> None:
        super().__init__(
            of, Func(of, template=f"make_interval(years => ({year} - date_part('year', %(expressions)s))::int)")
        )


def day_of(field: str) -> TruncDate:
    """The day of a time, in the account's zone as all days of definitions."""
    return TruncDate(field, tzinfo=get_default_timezone())


def day_start(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), get_default_timezone())


def never() -> Q:
    return Q(pk__in=[])


def looked_up(of: Combinable, lookup: str, value: Any) -> Q:
    """A lookup on an expression, which Django writes as on a column."""
    if isinstance(of, F):
        return Q(**{f"{column_name(of)}__{lookup}": value})
    field = of.output_field  # type: ignore[attr-defined]
    found = field.get_lookup(lookup)
    return Q(found(of, value))


def column_name(of: F) -> str:
    return str(of.deconstruct()[1][0])
