"""The types of variables, and how their values are kept in JSON."""

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import identity

Value = str | Decimal | bool | datetime.date


class Type(TextChoices):
    STRING = "string", gettext_lazy("String")
    NUMBER = "number", gettext_lazy("Number")
    DATE = "date", gettext_lazy("Date")
    BOOLEAN = "boolean", gettext_lazy("Boolean")


def to_json(type_: str, text: str, *, order: str = "") -> str:
    """The JSON of a value written as text. Raises `identity.Invalid` where it is not of the type.

    `order` is the order of day and month in dates such as 05/06/1990: "dmy", "mdy" or "" (refused as ambiguous).
    """
    return _WRITERS[type_](text, order)


def for_people(value: Value | None) -> str:
    """A value as pages show it; "" where there is none."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


def _date(text: str, order: str) -> str:
    return f'"{identity.calendar_date(text, order).isoformat()}"'


_WRITERS: dict[str, Callable[[str, str], str]] = {
    # Numbers are written digit by digit: JSON's are not binary floats.
    Type.NUMBER: lambda text, _order: f"{identity.number(text):f}",
    Type.STRING: lambda text, _order: json.dumps(identity.string(text), ensure_ascii=False),
    Type.BOOLEAN: lambda text, _order: "true" if identity.boolean(text) else "false",
    Type.DATE: _date,
}


class VariableDecoder(json.JSONDecoder):
    """Reads numbers as `Decimal`, so that none loses a digit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal, "parse_int": Decimal})


class VariableEncoder(json.JSONEncoder):
    """Writes what `VariableDecoder` reads."""

    def encode(self, o: Any) -> str:
        if isinstance(o, dict):
            return (
                "{"
                + ", ".join(
                    f"{json.dumps(str(name), ensure_ascii=False)}: {self.encode(value)}" for name, value in o.items()
                )
                + "}"
            )
        return f"{o:f}" if isinstance(o, Decimal) else super().encode(o)
