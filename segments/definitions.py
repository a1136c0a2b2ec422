"""The definitions of segments as they are kept: read again, and compiled together with those that they ask for."""

import datetime
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from contacts.models import Contact, ContactList
from contacts.querysets import ContactQuerySet
from segments.compiler import Compiler
from segments.conditions import Group, Wrong, parse
from segments.fields import fields
from segments.kinds import Field, Kind
from segments.lookups import Lookups
from segments.models import Segment


class Definitions:
    """All current segments as of one moment, to be compiled as of a day."""

    def __init__(self, today: datetime.date) -> None:
        self.today = today
        self._read: dict[int, Group] = {}

    @cached_property
    def fields(self) -> dict[str, Field]:
        return fields()

    @cached_property
    def _kept(self) -> Mapping[int, object]:
        return dict(Segment.objects.current().values_list("pk", "definition"))

    def of(self, pk: int) -> Group | None:
        """The definition of a segment; None where there is none in use. Raises `Wrong`."""
        if pk not in self._read:
            if pk not in self._kept:
                return None
            self._read[pk] = parse(self._kept[pk], self.fields, is_kept=True)
        return self._read[pk]

    def compiled(self, group: Group, lookups: Lookups | None = None) -> Q:
        """Raises `compiler.TooMuch`; `Wrong` where a segment that it asks for cannot be read."""
        return Compiler(self.today, self.of, lookups or Lookups()).compiled(group)

    def those_of(self, group: Group) -> ContactQuerySet:
        """The contacts for whom it holds. Raises as `compiled` does."""
        return everybody().filter(self.compiled(group))

    def asked_by(self, group: Group) -> set[int]:
        """The segments that it asks for, and those that these ask for. Raises `Wrong`."""
        found: set[int] = set()
        rest = list(asked(group))
        while rest:
            pk = rest.pop()
            if pk not in found:
                found.add(pk)
                other = self.of(pk)
                rest.extend(asked(other) if other else ())
        return found


def everybody() -> ContactQuerySet:
    """Whom segments are about: those who have a profile."""
    return Contact.objects.of_list(ContactList.default())


def asked(group: Group) -> set[int]:
    """The ids of segments that it asks for itself."""
    return {int(each.values[0]) for each in group.conditions() if each.field.kind is Kind.SEGMENT}


def conditions_in(tree: object) -> Iterator[Mapping[str, Any]]:
    """The conditions of JSON that was a definition once."""
    if isinstance(tree, dict):
        if "field" in tree:
            yield tree
        for each in (*tree.get("all", ()), *tree.get("any", ())):
            yield from conditions_in(each)


def asked_in(tree: object) -> set[int]:
    """The ids of segments that it asks for itself."""
    return {int(each["value"]) for each in conditions_in(tree) if each["field"] == "segment"}


def users_of(pk: int) -> list[Segment]:
    """The current segments that ask for this one themselves."""
    return [each for each in Segment.objects.current() if pk in asked_in(each.definition)]


def dependants(pk: int) -> set[int]:
    """The ids of the current segments that ask for this one, and of those that ask for these."""
    asking = {each: asked_in(tree) for each, tree in Segment.objects.current().values_list("pk", "definition")}
    found: set[int] = set()
    rest = {pk}
    while rest:
        rest = {each for each, others in asking.items() if others & rest} - found
        found |= rest
    return found


def why_wrong(error: Wrong) -> str:
    """Of a definition that was right once, in a sentence."""
    return _("What it asks for has changed: %(reason)s") % {
        "reason": error.mistakes[0].reason if error.mistakes else ""
    }
