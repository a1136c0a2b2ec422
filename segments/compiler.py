"""Definitions as conditions of a queryset of contacts; nothing of what people wrote becomes SQL but as a parameter.

A condition that cannot be told, of a value that is not there, does not hold; its contrary then does. So a definition
has two answers for every contact, never a third: what a group turns round is pushed down to its conditions.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from activity import months
from activity.catalogue import Channel, Status
from activity.models import Event
from segments.conditions import Condition, Group, Node, origin_of
from segments.expressions import NotTrue, YearsOn, column_name, day_start, looked_up
from segments.fields import BEYOND_STATUSES, Deed, deed_named
from segments.kinds import Kind
from segments.lookups import Lookups

# Segments in segments, and those in these: deeper than this nobody follows.
MOST_NESTED = 5
# Of one segment with all those that it asks for.
MOST_EXPANDED = 1_000


class TooMuch(ValueError):
    """A definition that, with the segments it asks for, cannot be evaluated; the text says why."""


@dataclass
class Compiler:
    """Compiles as of a day. `segments` gives the definition of another segment by id; None where it has gone."""

    today: datetime.date
    segments: Callable[[int], Group | None] = lambda _pk: None
    lookups: Lookups = field(default_factory=Lookups)
    _count: int = field(default=0, init=False)

    def compiled(self, node: Node, *, depth: int = 0, negated: bool = False) -> Q:
        """Raises `TooMuch`."""
        if isinstance(node, Condition):
            return self._condition(node, depth, negated)
        negated ^= node.negated
        join = and_ if (node.join == "all") ^ negated else or_
        return reduce(join, (self.compiled(each, depth=depth, negated=negated) for each in node.members))

    def _condition(self, asked: Condition, depth: int, negated: bool) -> Q:
        self._count += 1
        if self._count > MOST_EXPANDED:
            raise TooMuch(
                _("With the segments that it asks for it has more than %(most)d conditions.") % {"most": MOST_EXPANDED}
            )
        if asked.field.kind is Kind.SEGMENT:
            return self._segment(asked, depth, negated)
        negated ^= bool(asked.operator.contrary_of) or asked.operator.key in ("never", "at_most")
        found = self._holds(asked)
        if not negated:
            return found if isinstance(found, Q) else Q(found)
        return Q(~found if isinstance(found, Exists) else NotTrue(found))

    def _segment(self, asked: Condition, depth: int, negated: bool) -> Q:
        """Of another segment what it asks for: so nobody waits until that one has been evaluated."""
        if depth >= MOST_NESTED:
            raise TooMuch(_("Segments can ask for segments %(most)d deep, no deeper.") % {"most": MOST_NESTED})
        other = self.segments(int(asked.values[0]))
        negated ^= asked.operator.key == "not_member"
        if other is None:
            return ~Q(pk__in=[]) if negated else Q(pk__in=[])
        return self.compiled(other, depth=depth + 1, negated=negated)

    def _holds(self, asked: Condition) -> Q | Combinable:
        """Of an operator and its contrary: what the first of them asks."""
        key, kind = asked.field.key, asked.field.kind
        if kind is Kind.DEED:
            return self._did(asked)
        if kind is Kind.STATE:
            return self.lookups.state(Channel.of_slug(key.split(":")[1]), asked.values[0])
        if kind is Kind.FACT:
            return self.lookups.fact(key)
        of = self.lookups.value(key, kind)
        operator = asked.operator.contrary_of or asked.operator.key
        if kind is Kind.DATE and operator not in ("set", "is"):
            return self._date(of, operator, asked)
        return _compared(of, operator, [_typed(kind, value) for value in asked.values], is_text=kind is Kind.TEXT)

    def _date(self, of: Combinable, operator: str, asked: Condition) -> Q:
        days = datetime.timedelta(asked.days or 0)
        dates = [datetime.date.fromisoformat(value) for value in asked.values]
        match operator:
            case "in_last":
                return looked_up(of, "range", (_back(self.today, days), self.today))
            case "before_last":
                return looked_up(of, "lt", _back(self.today, days))
            case "in_next":
                return looked_up(of, "range", (self.today, self.today + days))
            case "anniversary":
                window = (self.today, self.today + days)
                years = range(window[0].year, window[1].year + 1)
                # The day itself is one, as is any later; a date in the future has none yet.
                later = reduce(or_, (looked_up(YearsOn(of, year), "range", window) for year in years))
                return later & looked_up(of, "lte", window[1])
            case "before":
                return looked_up(of, "lt", dates[0])
            case "after":
                return looked_up(of, "gt", dates[0])
        return looked_up(of, "range", dates)

    def _did(self, asked: Condition) -> Q | Exists:
        """Did it so many times, from the first day that is asked for."""
        deed = deed_named(asked.field.key)
        times = asked.times + (asked.operator.key == "at_most") or 1
        since = self.since(asked.days)
        did = self.lookups.did(deed, times, since)
        if asked.origin or asked.campaign or asked.data:
            # Who did not do it at all need not be looked for among the events.
            return Q(did) & Q(_happened(deed, asked, times, since))
        return did

    def since(self, days: int | None) -> datetime.date | None:
        """What was longer ago than events are kept has never been."""
        kept = months.oldest_kept(day_start(self.today))
        asked = None if days is None else _back(self.today, datetime.timedelta(days))
        return max(filter(None, (kept, asked)), default=None)


def _back(day: datetime.date, by: datetime.timedelta) -> datetime.date:
    return datetime.date.min if (day - datetime.date.min) < by else day - by


def _compared(of: Combinable, operator: str, values: list[Any], *, is_text: bool) -> Q:
    match operator:
        case "is":
            return looked_up(of, "iexact" if is_text else "exact", values[0])
        case "any_of" if is_text:
            return reduce(or_, (looked_up(of, "iexact", value) for value in values))
        case "any_of":
            return looked_up(of, "in", values)
        case "contains" | "starts" | "ends":
            return looked_up(of, _LOOKUPS[operator], values[0])
        case "greater":
            return looked_up(of, "gt", values[0])
        case "less":
            return looked_up(of, "lt", values[0])
        case "between":
            return looked_up(of, "range", values)
        case "yes" | "no":
            return looked_up(of, "exact", operator == "yes")
    return _is_set(of)


_LOOKUPS = {"contains": "icontains", "starts": "istartswith", "ends": "iendswith"}
# Columns that hold what stands for no value.
_BLANK: Mapping[str, Any] = {"gender": 0} | dict.fromkeys(
    ("first_name", "last_name", "language", "timezone", "avatar_url"), ""
)


def _is_set(of: Combinable) -> Q:
    there = looked_up(of, "isnull", False)
    blank = _BLANK.get(column_name(of)) if isinstance(of, F) else None
    return there if blank is None else there & ~looked_up(of, "exact", blank)


def _typed(kind: Kind, value: str) -> Any:
    return Decimal(value) if kind is Kind.NUMBER else datetime.date.fromisoformat(value) if kind is Kind.DATE else value


def _happened(deed: Deed, asked: Condition, times: int, since: datetime.date | None) -> Exists:
    rows = occurrences(deed, asked, since)
    return Exists(rows if times == 1 else rows[times - 1 : times])


def occurrences(deed: Deed, asked: Condition, since: datetime.date | None) -> "QuerySet[Event]":
    """Where a condition asks for more than behaviour tells: the events themselves, of the contact of an outer query."""
    rows = Event.objects.filter(contact=OuterRef("pk"), channel=deed.channel)
    if deed.deed < BEYOND_STATUSES:
        rows = rows.filter(status=deed.deed)
    else:
        rows = rows.filter(origin=deed.deed - BEYOND_STATUSES, status=Status.NONE)
    if origin := origin_of(asked):
        rows = rows.filter(origin=origin)
    if since is not None:
        rows = rows.filter(occurred_at__gte=day_start(since))
    wanted = {"name": deed.name, "campaign": asked.campaign} | ({asked.data[0]: asked.data[1]} if asked.data else {})
    for place, (name, value) in enumerate(wanted.items()):
        if value:
            rows = rows.alias(**{f"text{place}": KeyTextTransform(name, "data")}).filter(**{f"text{place}": value})
    return rows
