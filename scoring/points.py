"""Rules as expressions: how often each counts for a contact, and the score that they make together with its base."""

import datetime
from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Least

from activity.counting import RowCount
from activity.models import Event
from scoring.models import Scoring
from scoring.rules import ReadRule
from segments.compiler import Compiler, occurrences
from segments.conditions import Condition
from segments.definitions import Definitions
from segments.expressions import day_of
from segments.fields import deed_named
from segments.models import Behaviour


class _DaysSince(Func):
    """How many of the days of an array are not before a day."""

    template = "(SELECT count(*)::integer FROM unnest(%(expressions)s)"
    arg_joiner = ") AS day WHERE day >= "
    output_field = IntegerField()


class _Cardinality(Func):
    function = "cardinality"
    output_field = IntegerField()


def times(rules: Sequence[ReadRule], definitions: Definitions) -> Func:
    """How often each rule counts for a contact, in one array."""
    counts = [_count(each, definitions) for each in rules]
    return Func(*counts, template="ARRAY[%(expressions)s]::integer[]", output_field=ArrayField(IntegerField()))


def score(rules: Sequence[ReadRule], definitions: Definitions, scoring: Scoring) -> Any:
    """The base and all points, within the account's bounds."""
    parts: list[Any] = [_count(each, definitions) * Value(each.rule.points) for each in rules]
    return bounded(reduce(add, parts, F("score_base")), scoring)


def bounded(total: Any, scoring: Scoring) -> Any:
    if scoring.lowest is not None:
        total = Greatest(total, Value(scoring.lowest))
    return total if scoring.highest is None else Least(total, Value(scoring.highest))


def _count(each: ReadRule, definitions: Definitions) -> Any:
    if each.rule.each_time:
        return _times(each, definitions)
    holds = definitions.compiled(each.group)
    return Case(When(holds, then=Value(1)), default=Value(0), output_field=IntegerField())


def _times(each: ReadRule, definitions: Definitions) -> Any:
    """Of behaviour, which holds the last times; where that tells too little, of the events of who did it at all."""
    most, since = each.rule.most, _since(each, definitions)
    if _asks_events(each.asked):
        counted = RowCount(_events(each, definitions).order_by()[:most])
        return Case(When(Exists(_behaviour(each)), then=counted), default=Value(0), output_field=IntegerField())
    count = _Cardinality("days") if since is None else _DaysSince("days", Value(since))
    found = _behaviour(each).annotate(times=Least(count, Value(most))).values("times")
    return Coalesce(Subquery(found, output_field=IntegerField()), Value(0))


def days(each: ReadRule, definitions: Definitions) -> Subquery:
    """When that was which a rule counts each time, in one array of days, the last one first; as many as can count."""
    if not _asks_events(each.asked):
        return Subquery(_behaviour(each).values("days"))
    found = _events(each, definitions).annotate(day=day_of("occurred_at")).order_by("-occurred_at")
    return ArraySubquery(found.values("day")[: each.rule.most])


def _behaviour(each: ReadRule) -> "QuerySet[Behaviour]":
    deed = deed_named(each.asked.field.key)
    return Behaviour.objects.filter(contact=OuterRef("pk"), channel=deed.channel, deed=deed.deed, name=deed.name)


def _asks_events(asked: Condition) -> bool:
    return bool(asked.origin or asked.campaign or asked.data)


def _events(each: ReadRule, definitions: Definitions) -> "QuerySet[Event]":
    return occurrences(deed_named(each.asked.field.key), each.asked, _since(each, definitions))


def _since(each: ReadRule, definitions: Definitions) -> datetime.date | None:
    return Compiler(definitions.today).since(each.asked.days)
