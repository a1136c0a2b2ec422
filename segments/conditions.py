"""Definitions of segments: a tree of conditions, joined by all or any in groups. Pure; nothing here knows a database.

As JSON a group is `{"all": […]}` or `{"any": […]}`, with `"not": true` where it is turned round; a condition is
`{"field": …, "op": …, "value": …}`. Of what contacts did there may be `days` (how far back), `origin`, `campaign` and
`data` (`{"name": …, "value": …}`) besides. Days are those of the account's zone; "the last 7 days" are today
and the 7 before.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from activity.catalogue import MESSAGE_ORIGINS, Origin
from segments.kinds import Field, Kind, Needs, Operator, operators_of

MOST_CONDITIONS = 200
MOST_VALUES = 500
MOST_CHARACTERS = 500
MOST_DAYS = 3650
# As many of the last days are remembered of what a contact did.
MOST_TIMES = 100
# The group of all, and groups two deep in it.
MOST_DEPTH = 3

_RELATIVE = frozenset({"in_last", "before_last", "in_next", "anniversary"})


class Mistake(NamedTuple):
    """`path` is that of the JSON, such as `all[1].any[0].value`."""

    path: str
    reason: str


class Wrong(ValueError):
    """What is no definition, with every mistake that was found."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(f"{path}: {reason}" for path, reason in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Condition:
    """One question. `values` are in normal form: numbers and dates as text, one, two or many as the operator needs."""

    field: Field
    operator: Operator
    values: tuple[str, ...] = ()
    days: int | None = None
    times: int = 0
    origin: str = ""
    campaign: str = ""
    data: tuple[str, str] | None = None

    @property
    def is_relative(self) -> bool:
        """Whether its answer changes as days go by."""
        return self.operator.key in _RELATIVE or (self.field.kind is Kind.DEED and self.days is not None)

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"field": self.field.key, "op": self.operator.key}
        match self.operator.needs:
            case Needs.VALUE:
                found["value"] = self.values[0]
            case Needs.PAIR | Needs.LIST:
                found["value"] = list(self.values)
            case Needs.DAYS:
                found["value"] = self.days
            case Needs.TIMES:
                found["value"] = self.times
        if self.field.kind is Kind.DEED and self.days is not None:
            found["days"] = self.days
        found |= {name: text for name in ("origin", "campaign") if (text := getattr(self, name))}
        return found | ({"data": dict(zip(("name", "value"), self.data, strict=True))} if self.data else {})


@dataclass(frozen=True)
class Group:
    """Its members, all or any of which must hold; or the contrary of that."""

    join: str
    members: tuple["Node", ...]
    negated: bool = False

    def as_json(self) -> dict[str, Any]:
        return {self.join: [each.as_json() for each in self.members], **({"not": True} if self.negated else {})}

    def conditions(self) -> Iterator[Condition]:
        for each in self.members:
            if isinstance(each, Group):
                yield from each.conditions()
            else:
                yield each

    @property
    def is_relative(self) -> bool:
        return any(each.is_relative for each in self.conditions())

    @property
    def digest(self) -> str:
        """The same for the same definition."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


Node = Group | Condition


def parse(tree: Any, fields: Mapping[str, Field], *, is_kept: bool = False) -> Group:
    """The definition that JSON holds. Raises `Wrong` with every mistake and its path.

    One that `is_kept` was right once: what has gone from the choices since then is passed over, and nobody has it.
    """
    reader = _Reader(fields, is_kept)
    found = reader.group(tree, "", 1)
    if not reader.mistakes and found is not None and not next(found.conditions(), None):
        reader.mistakes.append(Mistake(found.join, _("Add a condition.")))
    if reader.mistakes or found is None:
        raise Wrong(reader.mistakes)
    return found


class _Unreadable(Exception):
    def __init__(self, place: str, reason: str) -> None:
        super().__init__(reason)
        self.place, self.reason = place, reason


class _Reader:
    def __init__(self, fields: Mapping[str, Field], is_kept: bool) -> None:
        self.fields, self.is_kept = fields, is_kept
        self.mistakes: list[Mistake] = []
        self.count = 0

    def group(self, tree: Any, path: str, depth: int) -> Group | None:
        join = next((key for key in ("all", "any") if isinstance(tree, dict) and key in tree), "")
        if reason := _against_group(tree, join, depth):
            self.mistakes.append(Mistake(path, reason))
            return None
        members = []
        for place, each in enumerate(tree[join]):
            member = self.node(each, f"{path}.{join}[{place}]".lstrip("."), depth)
            if self.count > MOST_CONDITIONS:
                return None
            if member is not None:
                members.append(member)
        return Group(join, tuple(members), tree.get("not", False))

    def node(self, tree: Any, path: str, depth: int) -> Node | None:
        if isinstance(tree, dict) and ("all" in tree or "any" in tree):
            return self.group(tree, path, depth + 1)
        self.count += 1
        try:
            if self.count > MOST_CONDITIONS:
                words = _("A segment has %(most)d conditions at most.")
                raise _Unreadable("", words % {"most": MOST_CONDITIONS})
            return self.condition(tree)
        except _Unreadable as error:
            self.mistakes.append(Mistake(".".join(filter(None, (path, error.place))), error.reason))
            return None

    def condition(self, tree: Any) -> Condition:
        if not isinstance(tree, dict):
            raise _Unreadable("", _("A condition has a field, an operator and a value."))
        field = self.fields.get(tree["field"]) if isinstance(tree.get("field"), str) else None
        if field is not None and self.is_kept:
            field = replace(field, is_closed=False)
        if field is None:
            gone = tree.get("field")
            raise _Unreadable("field", _("There is no “%(name)s”.") % {"name": gone} if gone else _("Choose a field."))
        operator = operators_of(field.kind).get(tree["op"]) if isinstance(tree.get("op"), str) else None
        if operator is None:
            raise _Unreadable("op", _("Choose what is asked of “%(name)s”.") % {"name": field.label})
        known = {"field", "op", "value", *(("days", "origin", "campaign", "data") if field.kind is Kind.DEED else ())}
        if unknown := sorted(tree.keys() - known):
            raise _Unreadable(unknown[0], _("A condition on “%(name)s” has no such part.") % {"name": field.label})
        return _condition(field, operator, tree)


def _against_group(tree: Any, join: str, depth: int) -> str:
    """Why this cannot be a group; "" where it can."""
    if not join or not isinstance(tree[join], list) or tree.keys() - {join, "not"}:
        return _("A group is “all” or “any” with a list.")
    if not isinstance(tree.get("not", False), bool):
        return _("“not” of a group is true or false.")
    if depth > MOST_DEPTH:
        return _("Groups can be two deep in the first one, no deeper.")
    return "" if tree[join] or depth == 1 else _("This group is empty: add a condition to it, or remove it.")


def _condition(field: Field, operator: Operator, tree: Mapping[str, Any]) -> Condition:
    value, days, times = tree.get("value"), None, 0
    values: tuple[str, ...] = ()
    match operator.needs:
        case Needs.VALUE:
            values = (_value(field, value),)
        case Needs.PAIR:
            values = _pair(field, value)
        case Needs.LIST:
            values = _list(field, value)
        case Needs.DAYS:
            days = _whole(value, "value", MOST_DAYS)
        case Needs.TIMES:
            # That it was not oftener tells one time more.
            times = _whole(value, "value", MOST_TIMES - (operator.key == "at_most"), least=1)
    if field.kind is not Kind.DEED:
        return Condition(field, operator, values, days)
    if tree.get("days") not in (None, ""):
        days = _whole(tree["days"], "days", MOST_DAYS)
    origin, campaign, data = _origin(field, tree), _text(tree.get("campaign") or "", "campaign"), _data(tree)
    return Condition(field, operator, (), days, times, origin, campaign, data)


def _value(field: Field, value: Any, place: str = "value") -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal) or str(value).strip() == "":
        raise _Unreadable(place, _("Say a value."))
    text = _text(str(value), place)
    if field.kind is Kind.NUMBER:
        return _number(text, place)
    if field.kind is Kind.DATE:
        return _date(text, place)
    if field.kind in (Kind.CHOICE, Kind.STATE, Kind.SEGMENT) and field.is_closed and text not in dict(field.choices):
        raise _Unreadable(place, _("Choose one of those there are: “%(value)s” is none.") % {"value": text})
    return text


def _text(value: Any, place: str) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > MOST_CHARACTERS:
        raise _Unreadable(place, _("At most %(most)d characters.") % {"most": MOST_CHARACTERS})
    if not isinstance(value, str) or "\0" in text or (not text.isascii() and _has_half(text)):
        raise _Unreadable(place, _("This is no text."))
    return text


def _has_half(text: str) -> bool:
    """Halves of surrogate pairs, which no database keeps."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _number(text: str, place: str) -> str:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise _Unreadable(place, _("“%(value)s” is no number.") % {"value": text})
    return f"{number.normalize():f}" if number else "0"


def _date(text: str, place: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _Unreadable(place, _("“%(value)s” is no date: write YYYY-MM-DD.") % {"value": text}) from None


def _pair(field: Field, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) != 2:
        raise _Unreadable("value", _("Say two values, from and to."))
    low, high = (_value(field, each, f"value[{place}]") for place, each in enumerate(value))
    in_order = low <= high if field.kind is Kind.DATE else Decimal(low) <= Decimal(high)
    if not in_order:
        raise _Unreadable("value", _("The first value is greater than the second."))
    return low, high


def _list(field: Field, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _Unreadable("value", _("Say at least one value."))
    if len(value) > MOST_VALUES:
        raise _Unreadable("value", _("At most %(most)d values.") % {"most": MOST_VALUES})
    return tuple(dict.fromkeys(_value(field, each, f"value[{place}]") for place, each in enumerate(value)))


def _whole(value: Any, place: str, most: int, least: int = 0) -> int:
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and least <= int(text) <= most):
        words = {"least": least, "most": most}
        raise _Unreadable(place, _("Say a whole number from %(least)d to %(most)d.") % words)
    return int(text)


def _origin(field: Field, tree: Mapping[str, Any]) -> str:
    origin = tree.get("origin") or ""
    if origin and (not field.by_message or origin not in {each.slug for each in MESSAGE_ORIGINS}):
        raise _Unreadable("origin", _("Choose one of the origins of messages."))
    return str(origin)


def origin_of(condition: Condition) -> Origin | None:
    return Origin.of_slug(condition.origin) if condition.origin else None


def _data(tree: Mapping[str, Any]) -> tuple[str, str] | None:
    data = tree.get("data")
    if data in (None, {}):
        return None
    if not isinstance(data, dict) or data.keys() != {"name", "value"}:
        raise _Unreadable("data", _("Event data has a name and a value."))
    name, value = _text(data["name"], "data.name"), _text(data["value"], "data.value")
    if not name and not value:
        return None
    if not name or not value:
        missing = "data.name" if not name else "data.value"
        raise _Unreadable(missing, _("Event data has a name and a value."))
    return name, value
