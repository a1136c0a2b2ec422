"""The types of variables, and how their values are kept in JSON."""

import datetime
import json
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.timezone import localtime
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


def normal_text(type_: str, text: str) -> str:
    """The normal form of a value written as text, as text. Raises `identity.Invalid` as `to_json` does."""
    written = to_json(type_, text)
    return str(json.loads(written)) if written.startswith('"') else written


def of_text(type_: str, text: str) -> Value | None:
    """The value of a normal text; None for the empty one."""
    if not text:
        return None
    return _OF_TEXT[type_](text)


def of_json(type_: str, value: Any) -> Value | None:
    """The value of what JSON holds; None where that is nothing, the text itself where it is no date."""
    if value is None or value == "":
        return None
    if type_ == Type.DATE:
        with suppress(ValueError, TypeError):
            return datetime.date.fromisoformat(value)
    return value  # type: ignore[no-any-return]


def for_people(value: Value | None) -> str:
    """A value as pages show it; "" where there is none."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
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

_OF_TEXT: dict[str, Callable[[str], Value]] = {
    Type.NUMBER: Decimal,
    Type.STRING: str,
    Type.BOOLEAN: lambda text: text == "true",
    Type.DATE: datetime.date.fromisoformat,
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
