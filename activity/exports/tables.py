"""What an export writes: columns, and the rows of a queryset in the order of a keyset."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Expression, F, Model, QuerySet

M = TypeVar("M", bound=Model)


class Type(Enum):
    """What a workbook makes of a column; CSV has only text."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"


class Column(NamedTuple):
    """The head of a column, the SQL of its cells, and their type. Times are local ones, in ISO 8601 form."""

    head: str
    cell: Expression | F
    type: Type = Type.TEXT


@dataclass(frozen=True)
class Table(Generic[M]):
    """Rows to be written. `order` names columns that never change, the last of them unique; all run the same way.

    Times are written in `zone`.
    """

    columns: Sequence[Column]
    rows: "QuerySet[M]"
    order: tuple[str, ...]
    descending: bool
    zone: str = "UTC"

    @property
    def header(self) -> list[str]:
        return [column.head for column in self.columns]

    def place(self, key: Sequence[str]) -> M:
        """A row that stands where a key of `key_of` tells, with nothing in it but that."""
        model: Any = self.rows.model
        fields = zip(self.order, key, strict=True)
        return model(**{name: model._meta.get_field(name).to_python(text) for name, text in fields})  # type: ignore[no-any-return]

    @staticmethod
    def key_of(values: Sequence[Any]) -> list[str]:
        """The values of the order's columns as text, to the last digit."""
        return [value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values]
