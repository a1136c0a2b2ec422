"""Random definitions and random people, for comparing the database with plain Python."""

import datetime
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from activity.catalogue import KINDS, Channel, Origin
from activity.events import NewEvent, record_many
from contacts.digests import digest
from contacts.models import Contact, ContactList, Source
from segments.kinds import Field, Kind, Needs, operators_of
from subscriptions.facts import Blacklist, Door, Reason, State
from subscriptions.models import BlacklistEntry, Subscription
from tests.factories import EventTypeFactory, SourceFactory, VariableFactory

WORDS = ("Kyiv", "kyiv", "Lviv", "50%", "a_b", "O'Neil", "Straße", "%", "_", "\\", "Київ", "")
NUMBERS = ("0", "1", "2.5", "-3", "1000000000000000000000", "7")
CAMPAIGNS = ("Autumn", "Winter")


def components() -> None:
    for name, type_ in {"city": "string", "orders": "number", "wedding": "date", "vip": "boolean"}.items():
        VariableFactory.create(name=name, type=type_)
    EventTypeFactory.create(name="purchase", is_conversion=True)
    EventTypeFactory.create(name="viewed")
    SourceFactory.create(name="Fair")
    SourceFactory.create(name="Site")


def people(draw: Random, count: int) -> list[Contact]:
    """So many contacts with values, subscriptions, blacklistings and events, or without."""
    now, sources = timezone.now(), list(Source.objects.all())
    contacts = Contact.objects.bulk_create(_person(draw, number, now, sources) for number in range(count))
    Subscription.objects.bulk_create(
        Subscription(
            contact=contact, channel=channel, state=draw.choice((State.SUBSCRIBED, State.UNSUBSCRIBED)), begun=True,
            since=now - datetime.timedelta(days=draw.randint(0, 40)), by="", door=Door.DEMO, address="somewhere",
        )
        for contact in contacts for channel in (Channel.EMAIL, Channel.VIBER) if draw.random() < 0.6
    )  # fmt: skip
    for contact in contacts:
        if contact.email and draw.random() < 0.3:
            BlacklistEntry.objects.create(
                kind=Blacklist.EMAIL, digest=digest(contact.email), address=contact.email, reason=Reason.MANUAL,
                door=Door.DEMO,
            )  # fmt: skip
    events(draw, contacts, count * 12)
    return contacts


def _person(draw: Random, number: int, now: datetime.datetime, sources: list[Source]) -> Contact:
    variables = {
        "city": draw.choice(WORDS),
        "orders": Decimal(draw.choice(NUMBERS)),
        "wedding": _day(draw, now).isoformat(),
        "vip": draw.choice((True, False)),
    }
    return Contact(
        contact_list=ContactList.default(),
        user_id=f"u{number}",
        email=f"p{number}@example.com" if draw.random() < 0.7 else None,
        first_name=draw.choice(WORDS),
        birthday=_day(draw, now) if draw.random() < 0.7 else None,
        gender=draw.choice((0, 1, 2)),
        language=draw.choice(("", "uk", "en")),
        source=draw.choice((None, *sources)),
        score=draw.randint(-3, 8),
        is_active=draw.random() < 0.8,
        variables={name: value for name, value in variables.items() if draw.random() < 0.6},
        added_at=now - datetime.timedelta(days=draw.randint(0, 30)),
        updated_at=draw.choice((None, now - datetime.timedelta(days=draw.randint(0, 30)))),
        added_via="import",
    )


def _day(draw: Random, now: datetime.datetime) -> datetime.date:
    """Near its anniversary, years ago or ahead; sometimes of a leap year."""
    if draw.random() < 0.1:
        return datetime.date(2000, 2, 29)
    return now.date() + datetime.timedelta(days=draw.randint(-6, 6) + 365 * draw.choice((0, 0, -3, -20, 1)))


def events(draw: Random, contacts: list[Contact], count: int) -> None:
    now = timezone.now()
    kinds = [kind for kind in KINDS if kind.channel in (Channel.EMAIL, Channel.OTHER)][:16] + [
        kind for kind in KINDS if kind.channel is Channel.OTHER
    ]
    new = []
    for _ in range(count):
        kind = draw.choice(kinds)
        data = {"campaign": draw.choice(CAMPAIGNS), "plan": draw.choice("ab")}
        if kind.channel is Channel.OTHER:
            data["name"] = "purchase" if kind.origin is Origin.CUSTOM_CONVERSION else "viewed"
        at = now - datetime.timedelta(hours=draw.randint(0, 24 * 20))
        new.append(NewEvent(draw.choice(contacts).pk, at, *kind, data=data))
    record_many(new)


def tree(draw: Random, fields: dict[str, Field], *, depth: int = 1, count: int = 4) -> dict[str, Any]:
    members: list[dict[str, Any]] = []
    for _ in range(draw.randint(1, count)):
        if depth < 3 and draw.random() < 0.3:
            members.append(tree(draw, fields, depth=depth + 1, count=3))
        else:
            members.append(condition(draw, draw.choice(list(fields.values()))))
    return {draw.choice(("all", "any")): members, **({"not": True} if draw.random() < 0.3 else {})}


def condition(draw: Random, field: Field) -> dict[str, Any]:
    operator = draw.choice(list(operators_of(field.kind).values()))
    found: dict[str, Any] = {"field": field.key, "op": operator.key}
    match operator.needs:
        case Needs.VALUE:
            found["value"] = _value(draw, field)
        case Needs.PAIR:
            key = Decimal if field.kind is Kind.NUMBER else str
            found["value"] = sorted((_value(draw, field), _value(draw, field)), key=key)
        case Needs.LIST:
            found["value"] = [_value(draw, field) for _ in range(draw.randint(1, 3))]
        case Needs.DAYS:
            found["value"] = draw.choice((0, 1, 3, 7, 30, 400))
        case Needs.TIMES:
            found["value"] = draw.randint(1, 4)
    if field.kind is Kind.DEED:
        found["days"] = draw.choice((None, 0, 2, 7, 15))
        if draw.random() < 0.3:
            found["campaign"] = draw.choice(CAMPAIGNS)
        if field.by_message and draw.random() < 0.3:
            found["origin"] = draw.choice(("campaign", "trigger"))
        if draw.random() < 0.2:
            found["data"] = {"name": "plan", "value": draw.choice("ab")}
    return found


def _value(draw: Random, field: Field) -> str:
    if field.choices:
        return draw.choice(field.choices)[0]
    if field.kind is Kind.NUMBER:
        return draw.choice(NUMBERS)
    if field.kind is Kind.DATE:
        return (timezone.now().date() + datetime.timedelta(days=draw.randint(-9, 9))).isoformat()
    return draw.choice([word for word in WORDS if word])
