"""The people that files are made of: the same ones each time, with every value, in normal form."""

import datetime
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from contacts.seeding.countries import COUNTRIES
from contacts.seeding.country import Country

_COUNTRIES = [country for country in COUNTRIES for _ in range(country.share)]
_OLDEST = datetime.date(1950, 1, 1).toordinal()
_DAYS = 20_000


class Person(NamedTuple):
    user_id: str
    email: str
    phone: str
    first_name: str
    last_name: str
    birthday: str
    gender: int
    language: str
    city: str
    orders: int


def people(count: int, *, after: int = 0) -> Iterator[Person]:
    """`count` people, numbered from `after` + 1; no two have an identifier in common."""
    for number in range(after + 1, after + count + 1):
        yield _person(number, Random(number).random)


def _person(number: int, draw: Callable[[], float]) -> Person:
    country: Country = _COUNTRIES[int(draw() * len(_COUNTRIES))]
    is_woman = draw() < 0.5
    first = country.given_names[is_woman][int(draw() * len(country.given_names[is_woman]))]
    last = country.family_names[is_woman][int(draw() * len(country.family_names[is_woman]))]
    return Person(
        user_id=f"b-{number}",
        email=f"{first.latin}.{last.latin}{number}@example.com",
        phone=country.phone(number),
        first_name=first.written,
        last_name=last.written,
        birthday=datetime.date.fromordinal(_OLDEST + int(_DAYS * draw())).isoformat(),
        gender=2 if is_woman else 1,
        language=country.language,
        city=country.homes[int(draw() * len(country.homes))][0],
        orders=int(40 * draw()),
    )
