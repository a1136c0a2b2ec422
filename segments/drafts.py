"""A definition while it is being made: the fields of a form, which may still be wrong, and what its buttons do.

Every input is named by its place: `r` is the outermost group, `r.0` its first member, `r.0:op` the operator of that.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from segments.conditions import MOST_DEPTH, Mistake
from segments.kinds import Field, Kind, Needs, Operator, operators_of

ROOT = "r"
# Of names; a form with more inputs than this is none of ours.
_NAME = re.compile(r"(r(?:\.\d{1,4}){0,3}):(join|field|op|value|value2|times|within|origin|campaign|name|is)")
_SEPARATOR = re.compile(r"[\n;]+")
_TOGETHER = "; "
_OF_WHOLE_TEXTS = frozenset({"is", "is_not", "any_of"})
# What a form has people choose of a group: how its members are joined, and whether that is turned round.
_JOINS = {"all": ("all", False), "any": ("any", False), "not_all": ("all", True), "none": ("any", True)}
_CHOSEN = {joined: key for key, joined in _JOINS.items()}


@dataclass
class Draft:
    """A group or a condition of the form. `texts` are its inputs by their names."""

    path: str
    texts: dict[str, str] = field(default_factory=dict)
    members: list["Draft"] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    field: Field | None = None

    @property
    def is_group(self) -> bool:
        return "join" in self.texts

    @property
    def is_turned_round(self) -> bool:
        return self.is_group and _JOINS[self.texts["join"]][1]

    @property
    def is_root(self) -> bool:
        return self.path == ROOT

    @property
    def can_hold_groups(self) -> bool:
        return self.path.count(".") + 1 < MOST_DEPTH

    @property
    def number(self) -> int:
        return int(self.path.rsplit(".", 1)[-1]) + 1 if "." in self.path else 0

    @property
    def operators(self) -> Mapping[str, Operator]:
        return operators_of(self.field.kind) if self.field else {}

    @property
    def operator(self) -> Operator | None:
        """The one that was chosen, the first one where another field has been chosen since."""
        return self.operators.get(self.texts.get("op", "")) or next(iter(self.operators.values()), None)

    @property
    def needs(self) -> str:
        return self.operator.needs.value if self.operator else ""

    @property
    def asks_deed(self) -> bool:
        return self.field is not None and self.field.kind is Kind.DEED

    @property
    def details_open(self) -> bool:
        return any(self.texts.get(name) for name in ("origin", "campaign", "name", "is"))

    @property
    def offers_choices(self) -> bool:
        """Whether values are chosen, not written; of a text only where it is asked for as a whole."""
        if self.field is None or not self.field.choices:
            return False
        return self.field.kind is not Kind.TEXT or (self.operator is not None and self.operator.key in _OF_WHOLE_TEXTS)

    @property
    def may_write_others(self) -> bool:
        """Whether there are values beside those to choose from."""
        return self.field is not None and self.field.kind is Kind.TEXT

    @property
    def listed(self) -> list[str]:
        """The values of a list."""
        return [part.strip() for part in _SEPARATOR.split(self.texts.get("value", "")) if part.strip()]

    @property
    def input_type(self) -> str:
        kind = self.field.kind if self.field else Kind.TEXT
        return {Kind.DATE: "date", Kind.NUMBER: "text"}.get(kind, "text")

    def as_json(self) -> dict[str, Any]:
        """What `conditions.parse` reads, and may find wrong."""
        if self.is_group:
            join, _round = _JOINS[self.texts["join"]]
            return {join: [each.as_json() for each in self.members], **({"not": True} if self.is_turned_round else {})}
        operator = self.operator
        found: dict[str, Any] = {"field": self.texts.get("field", ""), "op": operator.key if operator else ""}
        found |= self._value(operator.needs if operator else Needs.NOTHING)
        if self.asks_deed:
            texts = self.texts
            found |= {"days": texts.get("within", ""), "campaign": texts.get("campaign", "")}
            found |= {"origin": origin} if (origin := texts.get("origin")) else {}
            found |= {"data": {"name": texts.get("name", ""), "value": texts.get("is", "")}}
        return found

    def _value(self, needs: Needs) -> dict[str, Any]:
        text = self.texts.get("value", "")
        match needs:
            case Needs.NOTHING:
                return {}
            case Needs.PAIR:
                return {"value": [text, self.texts.get("value2", "")]}
            case Needs.LIST:
                return {"value": self.listed}
            case Needs.TIMES:
                return {"value": self.texts.get("times") or "1"}
        return {"value": text}

    def tell(self, mistakes: Iterable[Mistake]) -> list[str]:
        """Puts mistakes where they were made; returns those that are of the whole."""
        whole = []
        for mistake in mistakes:
            places = re.findall(r"(?:all|any)\[(\d+)\]", mistake.path)
            found: Draft | None = self
            for place in places:
                found = found.members[int(place)] if found and int(place) < len(found.members) else None
            if found is None or found is self:
                whole.append(mistake.reason)
            else:
                found.errors.append(mistake.reason)
        return whole

    def forget_errors(self) -> None:
        self.errors = []
        for each in self.members:
            each.forget_errors()

    # What buttons do.

    def at(self, path: str) -> "Draft | None":
        if self.path == path:
            return self
        return next((found for each in self.members if (found := each.at(path))), None)

    def leaves(self) -> Iterator["Draft"]:
        """Its conditions, however deep."""
        for each in self.members:
            if each.is_group:
                yield from each.leaves()
            else:
                yield each

    def add(self, *, is_group: bool) -> None:
        member = Draft("", {"join": "any"} if is_group else {"field": ""})
        if is_group:
            member.members = [Draft("", {"field": ""})]
        self.members.append(member)
        self.renumber()

    def remove(self, path: str) -> None:
        self.members = [each for each in self.members if each.path != path]
        for each in self.members:
            each.remove(path)
        self.renumber()

    def renumber(self) -> None:
        for place, each in enumerate(self.members):
            each.path = f"{self.path}.{place}"
            each.renumber()


def empty() -> Draft:
    draft = Draft(ROOT, {"join": "all"})
    draft.add(is_group=False)
    return draft


def of_form(data: QueryDict, fields: Mapping[str, Field]) -> Draft:
    """The draft that a form sent; what is no input of ours is passed over."""
    texts: dict[str, dict[str, str]] = {ROOT: {"join": "all"}}
    for name in data:
        if match := _NAME.fullmatch(name):
            texts.setdefault(match[1], {})[match[2]] = _TOGETHER.join(filter(None, map(str, data.getlist(name))))
    return _put_together(ROOT, texts, fields)


def _put_together(path: str, texts: Mapping[str, dict[str, str]], fields: Mapping[str, Field]) -> Draft:
    draft = Draft(path, texts[path])
    if draft.is_group:
        if draft.texts["join"] not in _JOINS:
            draft.texts["join"] = "all"
        depth = path.count(".") + 1
        below = [each for each in texts if each.startswith(f"{path}.") and each.count(".") == depth]
        below.sort(key=lambda each: int(each.rsplit(".", 1)[1]))
        draft.members = [_put_together(each, texts, fields) for each in below]
        draft.renumber()
    else:
        draft.field = fields.get(draft.texts.get("field", ""))
    return draft


def of_definition(tree: Mapping[str, Any], fields: Mapping[str, Field], path: str = ROOT) -> Draft:
    """The draft of a definition that is kept, and so was right once."""
    join = next((key for key in ("all", "any") if key in tree), "")
    if join:
        draft = Draft(path, {"join": _CHOSEN[join, bool(tree.get("not"))]})
        draft.members = [of_definition(each, fields, f"{path}.{place}") for place, each in enumerate(tree[join])]
        return draft
    return Draft(path, _texts_of(tree), field=fields.get(tree["field"]))


def _texts_of(tree: Mapping[str, Any]) -> dict[str, str]:
    value, data = tree.get("value", ""), tree.get("data") or {}
    found: dict[str, str] = {"field": tree["field"], "op": tree["op"], "times": str(value)}
    if tree["op"] == "between":
        found |= dict(zip(("value", "value2"), map(str, value), strict=True))
    else:
        found["value"] = _TOGETHER.join(map(str, value)) if isinstance(value, list) else str(value)
    found |= {
        "within": str(tree.get("days", "")),
        "origin": tree.get("origin", ""),
        "campaign": tree.get("campaign", ""),
    }
    return found | {"name": data.get("name", ""), "is": data.get("value", "")}
