"""Where conditions find what they ask of a contact: each by itself, or all in what is looked up once a contact."""

import datetime
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import BooleanField, Case, DateField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.sql import Query

from activity.catalogue import Channel
from contacts.values import VALUES
from segments.expressions import (
    Column,
    Nth,
    Numeric,
    VariableBoolean,
    VariableDate,
    VariableNumber,
    VariableText,
    day_of,
    day_start,
    looked_up,
)
from segments.fields import VARIABLE, Deed
from segments.kinds import Kind
from segments.models import Behaviour
from subscriptions.facts import BLACKLISTS, Blacklist, State
from subscriptions.models import Subscription
from subscriptions.policy import Closed, closed

# A row has 1,664 columns at most: so many of each kind are shared, others are asked for where they are needed.
_MOST_SHARED = 600

_VARIABLES: Mapping[Kind, Any] = {
    Kind.TEXT: VariableText,
    Kind.NUMBER: VariableNumber,
    Kind.DATE: VariableDate,
    Kind.BOOLEAN: VariableBoolean,
}
_TIMES = {"addedAt": "added_at", "lastUpdate": "updated_at"}

_STATEMENT = """
    SELECT contacts_contact.id, array_remove(ARRAY[{held}]::bigint[], NULL)
    FROM contacts_contact {done} {known} WHERE {where}
"""


class Lookups:
    """Each condition by itself. PostgreSQL makes joins of them: that is how all contacts are asked."""

    def value(self, key: str, kind: Kind) -> Combinable:
        """The value of a field that has values, null where a contact has none."""
        if key.startswith(VARIABLE):
            found: Combinable = _VARIABLES[kind](key.removeprefix(VARIABLE))
            return found
        if key.endswith(":since"):
            rows = Subscription.objects.filter(contact=OuterRef("pk"), channel=Channel.of_slug(key.split(":")[1]))
            return Subquery(rows.annotate(day=day_of("since")).values("day"))
        if key in _TIMES:
            return day_of(_TIMES[key])
        if key == "contactScore":
            return Numeric("score")  # what it is compared with may have any size, and a fraction
        return F(VALUES[key].attribute)

    def state(self, channel: Channel, state: str) -> Q | Combinable:
        """As the profile tells it: who has the address of an opt-out is unsubscribed."""
        own = Subscription.objects.filter(contact=OuterRef("pk"), channel=channel)
        unsubscribed = reduce(or_, map(Q, closed(channel)[Closed.UNSUBSCRIBED]))
        if state == State.UNSUBSCRIBED.name.lower():
            return unsubscribed
        there = Exists(own.filter(state=State.SUBSCRIBED))
        return Q(there if state == State.SUBSCRIBED.name.lower() else ~Exists(own)) & ~unsubscribed

    def fact(self, key: str) -> Q | Combinable:
        if key == "active":
            return Q(is_active=True)
        what, word = key.split(":")
        if what == "receives":
            conditions = (each for some in closed(Channel.of_slug(word)).values() for each in some)
            return reduce(and_, (~Q(each) for each in conditions))
        channel = next(channel for channel, kind in BLACKLISTS.items() if kind is Blacklist[word.upper()])
        return reduce(or_, map(Q, closed(channel)[Closed.BLACKLISTED]))

    def did(self, deed: Deed, times: int, since: datetime.date | None) -> Q | Exists:
        """Did it at least so many times from that day on."""
        rows = Behaviour.objects.filter(contact=OuterRef("pk"), channel=deed.channel, deed=deed.deed, name=deed.name)
        if since is not None:
            rows = rows.filter(last_at__gte=day_start(since))
        if times > 1:
            rows = rows.filter(**{f"days__{times - 1}__gte": since or datetime.date.min})
        return Exists(rows)


class SharedLookups(Lookups):
    """What many conditions ask is looked up once a contact, beside which they stand as expressions of one row.

    It gathers what it is asked for; `statement` then has it all.
    """

    def __init__(self) -> None:
        self._columns: dict[object, tuple[str, Combinable]] = {}
        self._deeds: dict[Deed, str] = {}

    def value(self, key: str, kind: Kind) -> Combinable:
        of = super().value(key, kind)
        return of if isinstance(of, F | Numeric) else self._shared((key, kind), of, of.output_field)  # type: ignore[attr-defined]

    def state(self, channel: Channel, state: str) -> Q | Combinable:
        return self._told((channel, state), super().state(channel, state))

    def fact(self, key: str) -> Q | Combinable:
        holds = super().fact(key)
        return holds if key == "active" else self._told(key, holds)

    def did(self, deed: Deed, times: int, since: datetime.date | None) -> Q | Exists:
        if deed not in self._deeds and len(self._deeds) == _MOST_SHARED:
            return super().did(deed, times, since)
        days = Column("done", self._deeds.setdefault(deed, f"days{len(self._deeds)}"), ArrayField(DateField()))
        lookup, wanted = ("isnull", False) if since is None else ("gte", since)
        return looked_up(Nth(days, times), lookup, wanted)

    def statement(self, conditions: Mapping[int, Q], query: Query, where: str) -> str:
        """SQL that selects contacts of `query` and the keys of the conditions that hold for each, in an array."""
        keys = (Case(When(holds, then=Value(key))) for key, holds in conditions.items())
        held = ", ".join(_sql(each, query) for each in keys)
        return _STATEMENT.format(held=held, done=self._done(), known=self._known(query), where=where)

    def _told(self, key: object, holds: Q | Combinable) -> Q | Combinable:
        of = Case(When(Q(holds), then=Value(True)), default=Value(False), output_field=BooleanField())
        return self._shared(key, of, of.output_field)

    def _shared(self, key: object, of: Combinable, field: Any) -> Combinable:
        if key not in self._columns and len(self._columns) == _MOST_SHARED:
            return of
        return Column("known", self._columns.setdefault(key, (f"known{len(self._columns)}", of))[0], field)

    def _known(self, query: Query) -> str:
        # Its own level, which the offset keeps: else each would be put wherever it is asked for.
        return _lateral("known", (f"{_sql(of, query)} AS {name}" for name, of in self._columns.values()), "OFFSET 0")

    def _done(self) -> str:
        """The days of all deeds in one pass over the rows of a contact."""
        channels, kinds = ({getattr(deed, part) for deed in self._deeds} for part in ("channel", "deed"))
        columns = (
            f"max(days) FILTER (WHERE channel = {deed.channel:d} AND deed = {deed.deed:d}"
            f" AND name = {_written(deed.name)}) AS {column}"
            for deed, column in self._deeds.items()
        )
        rows = (
            "FROM segments_behaviour WHERE contact_id = contacts_contact.id"
            f" AND channel = ANY('{_array(channels)}'::smallint[]) AND deed = ANY('{_array(kinds)}'::smallint[])"
        )
        return _lateral("done", columns, rows)


def _lateral(name: str, columns: Iterable[str], rest: str) -> str:
    listed = ", ".join(columns)
    return f"CROSS JOIN LATERAL (SELECT {listed} {rest}) AS {name}" if listed else ""


def _sql(of: Any, query: Query) -> str:
    sql, params = query.get_compiler(connection=connection).compile(of.resolve_expression(query))
    return str(mogrify(sql, params, connection))


def _array(numbers: Iterable[int]) -> str:
    return f"{{{','.join(map(str, sorted(map(int, numbers))))}}}"


def _written(text: str) -> str:
    return str(mogrify("%s", (text,), connection))
