"""Definitions answered in plain Python, from the rows of one contact: what the database has to agree with."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.timezone import get_default_timezone

from activity.catalogue import Channel, Status
from activity.models import Event
from contacts.digests import digest
from contacts.models import Contact
from segments.conditions import Condition, Group, Node
from segments.kinds import Kind
from subscriptions.facts import ADDRESSES, Blacklist, State
from subscriptions.models import BlacklistEntry, OptOut, Subscription
from subscriptions.policy import verdicts

_ATTRIBUTES = {
    "firstName": "first_name", "lastName": "last_name", "userId": "user_id", "email": "email", "phoneNumber": "phone",
    "timezone": "timezone", "avatarUrl": "avatar_url", "birthday": "birthday", "contactScore": "score",
    "language": "language",
}  # fmt: skip


@dataclass
class Person:
    """A contact with all that is known of it, as of a day."""

    contact: Contact
    today: datetime.date
    segments: dict[int, Group] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.events = list(Event.objects.filter(contact=self.contact))
        self.subscriptions = {row.channel: row for row in Subscription.objects.filter(contact=self.contact)}
        self.verdicts = verdicts(self.contact.pk)

    def holds(self, node: Node) -> bool:
        if isinstance(node, Group):
            found = (all if node.join == "all" else any)(self.holds(each) for each in node.members)
            return found != node.negated
        return self._condition(node)

    def _condition(self, asked: Condition) -> bool:
        key, op = asked.field.key, asked.operator.key
        match asked.field.kind:
            case Kind.DEED:
                times = self.times(asked)
                return {"at_least": times >= asked.times, "at_most": times <= asked.times, "never": not times}[op]
            case Kind.SEGMENT:
                other = self.segments.get(int(asked.values[0]))
                return (other is not None and self.holds(other)) == (op == "member")
            case Kind.STATE:
                return (self._state(Channel.of_slug(key.split(":")[1])) == asked.values[0]) == (op == "is")
            case Kind.FACT:
                return self._fact(key) == (op == "yes")
        return _compare(self._value(key), asked, self.today)

    def _value(self, key: str) -> Any:
        if key.startswith("variable:"):
            return (
                self.contact.variables.get(key.removeprefix("variable:")) or None
                if not isinstance(value := self.contact.variables.get(key.removeprefix("variable:")), bool | Decimal)
                else value
            )
        if key.endswith(":since"):
            row = self.subscriptions.get(Channel.of_slug(key.split(":")[1]))
            return row.since.astimezone(get_default_timezone()).date() if row else None
        if key == "addedAt":
            return self.contact.added_at.astimezone(get_default_timezone()).date()
        if key == "lastUpdate":
            return self.contact.updated_at and self.contact.updated_at.astimezone(get_default_timezone()).date()
        if key == "gender":
            return str(self.contact.gender) if self.contact.gender else None
        if key == "source":
            return self.contact.source_id and str(self.contact.source_id)
        value = getattr(self.contact, _ATTRIBUTES[key])
        return None if value == "" else value

    def _fact(self, key: str) -> bool:
        if key == "active":
            return self.contact.is_active
        what, word = key.split(":")
        if what == "receives":
            return self.verdicts[Channel.of_slug(word)].is_open
        kind = Blacklist[word.upper()]
        address = self.contact.email if kind is Blacklist.EMAIL else self.contact.phone
        return bool(address) and BlacklistEntry.objects.of(kind, address or "").exists()

    def _state(self, channel: Channel) -> str:
        address = getattr(self.contact, ADDRESSES[channel]) if channel in ADDRESSES else None
        if address and OptOut.objects.filter(channel=channel, digest=digest(address)).exists():
            return "unsubscribed"
        row = self.subscriptions.get(channel)
        return State(row.state).name.lower() if row else "never"

    def times(self, asked: Condition) -> int:
        _did, channel, word, *name = asked.field.key.split(":")
        return sum(
            event.kind.channel.slug == channel
            and word == (event.kind.origin if event.kind.status is Status.NONE else event.kind.status).slug
            and (not name or event.data.get("name") == name[0])
            and (not asked.origin or event.kind.origin.slug == asked.origin)
            and (not asked.campaign or event.data.get("campaign") == asked.campaign)
            and (not asked.data or event.data.get(asked.data[0]) == asked.data[1])
            and (asked.days is None or self._days_ago(event.occurred_at) <= asked.days)
            for event in self.events
        )

    def _days_ago(self, at: datetime.datetime) -> int:
        return (self.today - at.astimezone(get_default_timezone()).date()).days


def _compare(value: Any, asked: Condition, today: datetime.date) -> bool:
    op, contrary = asked.operator.key, asked.operator.contrary_of
    if contrary:
        return not _plainly(value, contrary, asked, today)
    return _plainly(value, op, asked, today)


def _plainly(value: Any, op: str, asked: Condition, today: datetime.date) -> bool:
    if op == "set" or value is None:
        return value is not None
    kind = asked.field.kind
    if kind is Kind.DATE:
        day = datetime.date.fromisoformat(value) if isinstance(value, str) else value
        return _date(day, op, asked, today)
    if kind is Kind.NUMBER:
        return _ordered(Decimal(value), op, [Decimal(each) for each in asked.values])
    if kind is Kind.BOOLEAN:
        return value is (op == "yes")
    return _text(str(value).upper(), op, [each.upper() for each in asked.values])


def _text(value: str, op: str, values: list[str]) -> bool:
    return {
        "is": lambda: value == values[0],
        "any_of": lambda: value in values,
        "contains": lambda: values[0] in value,
        "starts": lambda: value.startswith(values[0]),
        "ends": lambda: value.endswith(values[0]),
    }[op]()


def _ordered(value: Any, op: str, values: list[Any]) -> bool:
    match op:
        case "greater" | "after":
            return bool(value > values[0])
        case "less" | "before":
            return bool(value < values[0])
        case "between":
            return bool(values[0] <= value <= values[1])
    return value in values


def _date(day: datetime.date, op: str, asked: Condition, today: datetime.date) -> bool:
    away = (day - today).days
    match op:
        case "in_last":
            return -(asked.days or 0) <= away <= 0
        case "before_last":
            return away < -(asked.days or 0)
        case "in_next":
            return 0 <= away <= (asked.days or 0)
        case "anniversary":
            coming = (today + datetime.timedelta(number) for number in range((asked.days or 0) + 1))
            return any(day <= each and _same_day(day, each) for each in coming)
    return _ordered(day, op, [datetime.date.fromisoformat(value) for value in asked.values])


def _same_day(of: datetime.date, day: datetime.date) -> bool:
    """Of 29 February the 28th counts, where the year has no other."""
    if (of.month, of.day) == (2, 29) and day.year % 4 != 0:
        return (day.month, day.day) == (2, 28)
    return (of.month, of.day) == (day.month, day.day)
