"""Makes people up. The same arguments make the same people."""

import datetime
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple, TypeVar

from contacts.identity import Gender
from contacts.seeding.countries import COUNTRIES
from contacts.seeding.country import Country, Name

_Option = TypeVar("_Option")
# Draws from [0, 1).
Draw = Callable[[], float]

SPAN = datetime.timedelta(days=3 * 365)

# Reserved by RFC 2606: nobody's mail.
DOMAINS = (
    "example.com", "mail.example.com", "example.org", "post.example.net", "inbox.example.com", "example.net",
    "mail.example.org", "home.example.net", "work.example.com", "post.example.org",
)  # fmt: skip
_ADDRESSES: tuple[Callable[[str, str], str], ...] = (
    lambda first, last: f"{first}.{last}",
    lambda first, last: f"{first[0]}.{last}",
    lambda first, last: f"{last}.{first}",
    lambda first, last: f"{first}_{last}",
    lambda first, _last: first,
)
_MIX = [country for country in COUNTRIES for _ in range(country.share)]
# One encoder for all: making one takes longer than using it.
_json = json.JSONEncoder(ensure_ascii=False).encode
_TIERS = ("Bronze", "Silver", "Gold", "Platinum")


class Row(NamedTuple):
    """A contact to be, in normal forms."""

    added_at: datetime.datetime
    user_id: str | None = None
    email: str | None = None
    phone: str | None = None
    first_name: str = ""
    last_name: str = ""
    birthday: datetime.date | None = None
    gender: int = Gender.NOT_KNOWN.value
    language: str = ""
    source_id: int | None = None
    timezone: str = ""
    score: int = 0
    is_active: bool = True
    variables: str = "{}"  # JSON
    updated_at: datetime.datetime | None = None
    updated_via: str = ""


def people(*, seed: int, after: int, count: int, now: datetime.datetime, sources: Sequence[int]) -> Iterator[Row]:
    """People without end. Numbers from `after` + 1 on make their identifiers unique.

    The first `count` are added over the `SPAN` before `now`, one after the other; any further ones at `now`.
    """
    draw = Random(f"{seed}/{after}").random  # noqa: S311 - it must be repeatable, and hides nothing
    start = now - SPAN
    for place in itertools.count():
        added_at = start + SPAN * min((place + draw()) / count, 1)
        yield _person(draw, number=after + 1 + place, added_at=added_at, now=now, sources=sources)


def _person(
    draw: Draw, *, number: int, added_at: datetime.datetime, now: datetime.datetime, sources: Sequence[int]
) -> Row:
    country = _pick(_MIX, draw())
    is_woman = draw() < 0.56
    first = _common(country.given_names[is_woman], draw())
    last = _common(country.family_names[is_woman], draw())
    user_id, email, phone = _identifiers(draw, number, country, first, last)
    city, zone = _common(country.homes, draw())
    orders = int(40 * draw() ** 4)
    is_named = draw() < 0.95
    updated_at = added_at + (now - added_at) * draw() if draw() < 0.45 else None
    return Row(
        added_at=added_at,
        user_id=user_id,
        email=email,
        phone=phone,
        first_name=first.written if is_named else "",
        last_name=last.written if is_named and draw() < 0.96 else "",
        birthday=_birthday(draw, now.date()) if draw() < 0.6 else None,
        gender=_gender(draw(), is_woman=is_woman),
        language=_language(draw(), country),
        source_id=_pick(sources, draw()) if sources and draw() < 0.9 else None,
        timezone=zone if draw() < 0.93 else "",
        score=5 * orders + int(30 * draw()) if draw() < 0.8 else 0,
        is_active=draw() >= 0.03,
        variables=_variables(draw, city, orders, added_at, now) if draw() < 0.85 else "{}",
        updated_at=updated_at,
        updated_via="" if updated_at is None else _pick(("api", "api", "import"), draw()),
    )


def _pick(options: Sequence[_Option], drawn: float) -> _Option:
    return options[int(drawn * len(options))]


def _common(options: Sequence[_Option], drawn: float) -> _Option:
    """An option, the first ones more often."""
    return _pick(options, drawn**1.6)


def _identifiers(
    draw: Draw, number: int, country: Country, first: Name, last: Name
) -> tuple[str | None, str | None, str | None]:
    """ID, email and phone number, at least one of them."""
    user_id = f"u-{10_000 + number}" if draw() < 0.86 else None
    phone = country.phone(number) if draw() < 0.76 else None
    has_email = draw() < 0.88 or not (user_id or phone)
    return user_id, _email(draw(), number, first.latin, last.latin) if has_email else None, phone


def _email(drawn: float, number: int, first: str, last: str) -> str:
    """An address of the name. The digits and the domain together stand for the number, so that it is unique."""
    block, place = divmod(number, 10_000)
    # Each place in a block has another one, far from those of its neighbours.
    counter, domain = divmod(block * 10_000 + place * 7_919 % 10_000, len(DOMAINS))
    return f"{_pick(_ADDRESSES, drawn)(first, last)}{counter}@{DOMAINS[domain]}"


def _birthday(draw: Draw, today: datetime.date) -> datetime.date:
    """That of an adult, more often a young one."""
    return today - datetime.timedelta(days=int(365.25 * (18 + 62 * draw() ** 1.5)))


def _gender(drawn: float, *, is_woman: bool) -> int:
    if drawn < 0.15:
        return Gender.NOT_APPLICABLE.value if drawn < 0.004 else Gender.NOT_KNOWN.value
    return Gender.FEMALE.value if is_woman else Gender.MALE.value


def _language(drawn: float, country: Country) -> str:
    if drawn < 0.9:
        return country.language
    return "en" if drawn < 0.95 else ""


def _variables(draw: Draw, city: str, orders: int, added_at: datetime.datetime, now: datetime.datetime) -> str:
    """JSON of what `contacts.seeding.account` defines."""
    values = {"city": city, "loyaltyTier": _TIERS[min(orders // 8, 3)], "orders": orders, "vip": orders >= 24}
    if orders:
        values["lastPurchase"] = (added_at + (now - added_at) * draw()).date().isoformat()
    return _json(values)
