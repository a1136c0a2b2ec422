"""Why a contact is in a segment or is not: each condition, whether it holds, and what this contact has instead."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import BooleanField, Case, CharField, Q, Value, When
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity.catalogue import Channel
from contacts.models import Contact
from contacts.variable_types import for_people
from segments.conditions import MOST_TIMES, Condition, Group, Node
from segments.definitions import Definitions, everybody
from segments.expressions import verdicts
from segments.fields import deed_named
from segments.kinds import Field, Kind
from segments.lookups import Lookups
from segments.models import Behaviour
from segments.wording import clause
from subscriptions.facts import State

# Of one statement about values.
_COLUMNS = 200
# What these are asked about is told otherwise.
_VALUELESS = (Kind.DEED, Kind.SEGMENT)


@dataclass(frozen=True)
class Reason:
    """A condition in words, whether it holds for the contact, and what the contact has; or a group of these."""

    words: str
    holds: bool
    value: str = ""
    members: tuple["Reason", ...] = ()

    @property
    def missing(self) -> Iterator["Reason"]:
        """The conditions that do not hold."""
        for each in self.members or (self,):
            if not each.holds:
                yield from each.missing if each.members else (each,)


class Reasons:
    """Answers for one contact, about several definitions by a few statements."""

    def __init__(self, contact: Contact, definitions: Definitions, groups: Iterable[Group]) -> None:
        """Raises `compiler.TooMuch` and `conditions.Wrong` as `definitions` does."""
        self.contact, self.today = contact, definitions.today
        asked = list(dict.fromkeys(each for group in groups for each in group.conditions()))
        known = {each.field.key: each.field for each in asked}
        self._holds = dict(zip(asked, _verdicts(contact, definitions, asked), strict=True))
        self._values = _values(contact, known)
        self._did = _behaviour(contact, known.values())

    def of(self, group: Group) -> Reason:
        return self._reason(group)

    def _reason(self, node: Node) -> Reason:
        if isinstance(node, Condition):
            return Reason(capfirst(clause(node)), self._holds[node], self._value(node))
        members = tuple(map(self._reason, node.members))
        holds = (all if node.join == "all" else any)(each.holds for each in members) != node.negated
        return Reason(_group_words(node), holds, members=members)

    def _value(self, asked: Condition) -> str:
        if asked.field.kind is Kind.DEED:
            return self._done(asked)
        if asked.field.kind is Kind.SEGMENT:
            is_in = self._holds[asked] == (asked.operator.key == "member")
            return _("is in it") if is_in else _("is not in it")
        value = self._values[asked.field.key]
        if asked.field.kind is Kind.DATE and value is not None:
            return f"{date_format(value)} ({_away((value - self.today).days)})"
        return shown(asked.field, value) or _("no value")

    def _done(self, asked: Condition) -> str:
        row = self._did.get(deed_named(asked.field.key))
        if row is None:
            return _("never")
        day = row.last_at.astimezone(get_default_timezone()).date()
        last = _("last %(when)s") % {"when": _away((day - self.today).days)}
        since = self.today - datetime.timedelta(asked.days) if asked.days is not None else datetime.date.min
        times = sum(day >= since for day in row.days)
        if times >= MOST_TIMES:
            return _("%(last)s, %(times)d times or more") % {"last": last, "times": times}
        words = ngettext("%(last)s, %(times)d time", "%(last)s, %(times)d times", times)
        return words % {"last": last, "times": times}


def shown(field: Field, value: Any) -> str:
    """A value of a contact, in words; "" for none."""
    if field.kind in (Kind.CHOICE, Kind.STATE):
        return field.choice(str(value)) if value not in (None, "", 0) else ""
    if field.kind is Kind.NUMBER and value is not None:
        return str(intcomma(f"{value.normalize():f}"))
    return for_people(value)


def _group_words(group: Group) -> str:
    if group.negated:
        return _("not all of these") if group.join == "all" else _("none of these")
    return _("all of these") if group.join == "all" else _("any of these")


def _away(days: int) -> str:
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}


def _verdicts(contact: Contact, definitions: Definitions, asked: Sequence[Condition]) -> Sequence[bool]:
    """In one column: rows have 1,664 at most."""
    holds = verdicts(definitions.compiled(Group("all", (each,))) for each in asked)
    row = everybody().filter(pk=contact.pk).values_list(holds).first()
    # Nobody outside the default list is in a segment.
    return row[0] if row else [False] * len(asked)


def _values(contact: Contact, known: Mapping[str, Field]) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(known)
    asked = [(key, field) for key, field in known.items() if field.kind not in _VALUELESS]
    for start in range(0, len(asked), _COLUMNS):
        some = asked[start : start + _COLUMNS]
        columns = {f"value{place}": _value_expression(field) for place, (_key, field) in enumerate(some)}
        row = everybody().filter(pk=contact.pk).annotate(**columns).values_list(*columns).first()
        found |= zip((key for key, _field in some), row or (), strict=row is not None)
    return found


def _value_expression(field: Field) -> Any:
    key = field.key
    match field.kind:
        case Kind.STATE:
            channel = Channel.of_slug(key.split(":")[1])
            states = (state.name.lower() for state in State)
            cases = (When(Q(Lookups().state(channel, state)), then=Value(state)) for state in states)
            return Case(*cases, output_field=CharField())
        case Kind.FACT:
            return Case(
                When(Q(Lookups().fact(key)), then=Value(True)), default=Value(False), output_field=BooleanField()
            )
    return Lookups().value(key, field.kind)


def _behaviour(contact: Contact, known: Iterable[Field]) -> dict[Any, Behaviour]:
    deeds = [deed_named(field.key) for field in known if field.kind is Kind.DEED]
    if not deeds:
        return {}
    rows = Behaviour.objects.filter(contact=contact, deed__in={each.deed for each in deeds})
    found = {(row.channel, row.deed, row.name): row for row in rows}
    return {each: found[each] for each in deeds if each in found}
