"""Keyset paging: pages that cost the same from the first to the last, since none is counted off from the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.db.models import Expression, F, Field, Func, Model, QuerySet, TextField, Value
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Slice(Generic[M]):
    """One page of rows in their order, and whether there are more on either side."""

    rows: list[M]
    has_previous: bool
    has_next: bool


def _row(*expressions: Any) -> Func:
    """A row value; PostgreSQL compares two of them column by column, by one index."""
    return Func(*expressions, function="ROW", output_field=TextField())


def _place(at: Model, order: Sequence[str]) -> Func:
    fields = [cast("Field[Any, Any]", at._meta.get_field(name)) for name in order]
    values = [getattr(at, name) for name in order]
    return _row(
        *(
            value if isinstance(value, Expression) else Value(value, output_field=field)
            for value, field in zip(values, fields, strict=True)
        )
    )


def behind(rows: "QuerySet[M]", *, order: Sequence[str], at: Model, descending: bool) -> "QuerySet[M]":
    """The rows behind the place of row `at`. The first column bounds them too, for tables in partitions."""
    compare = LessThan if descending else GreaterThan
    bounded = rows.filter(**{f"{order[0]}__{'lte' if descending else 'gte'}": getattr(at, order[0])})
    return bounded.filter(compare(_row(*map(F, order)), _place(at, order)))


def up_to(rows: "QuerySet[M]", *, order: Sequence[str], at: Model, descending: bool) -> "QuerySet[M]":
    """The rows before the place of row `at`, and that one itself; bounded as those of `behind`."""
    compare = GreaterThanOrEqual if descending else LessThanOrEqual
    bounded = rows.filter(**{f"{order[0]}__{'gte' if descending else 'lte'}": getattr(at, order[0])})
    return bounded.filter(compare(_row(*map(F, order)), _place(at, order)))


def take(
    rows: "QuerySet[M]",
    *,
    order: Sequence[str],
    size: int,
    descending: bool = False,
    at: Model | None = None,
    backwards: bool = False,
) -> Slice[M]:
    """The page behind row `at` (before it, when `backwards`); without `at` the first page, or the last.

    `order` names the columns, the last of them unique; all run in the same direction.
    """
    downwards = descending != backwards
    if at is not None:
        rows = rows.filter((LessThan if downwards else GreaterThan)(_row(*map(F, order)), _place(at, order)))
    found = list(rows.order_by(*(F(name).desc() if downwards else F(name).asc() for name in order))[: size + 1])
    more, page = len(found) > size, found[:size]
    if backwards:
        return Slice(page[::-1], has_previous=more, has_next=at is not None)
    return Slice(page, has_previous=at is not None, has_next=more)
