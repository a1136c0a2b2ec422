"""A file as bad as they come: people who are known, repeated, mixed up with one another, or cannot be read."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from bench.files import cells
from bench.people import Person, people

Cells = list[str | int]


def mixed_rows(count: int, *, known: int, seed: int) -> Iterator[Cells]:
    """`count` rows, the same ones each time; `known` people, the first ones, are among the contacts already."""
    random = Random(seed)
    newest = known
    for _ in range(count):
        kind = random.random()
        if kind < 0.7:
            newest += 1
            yield cells(_person(newest))
        else:
            someone, another = (_person(random.randint(1, max(1, newest))) for _ in range(2))
            yield _KINDS[int((kind - 0.7) / 0.3 * len(_KINDS))](someone, another)


def _person(number: int) -> Person:
    return next(people(1, after=number - 1))


def _with(**values: Any) -> Callable[[Person, Person], Cells]:
    return lambda someone, _another: cells(someone._replace(**values))


_KINDS: tuple[Callable[[Person, Person], Cells], ...] = (
    # Somebody seen before: unchanged, changed, with values left out.
    lambda someone, _another: cells(someone),
    _with(last_name="Смерека"),
    _with(city="Чернівці", phone=""),
    _with(email="", phone="", first_name="Іван"),
    _with(user_id="", phone="", birthday=""),
    # A new email, through the stronger ID.
    lambda someone, _another: cells(someone._replace(email=f"new.{someone.email}", phone="")),
    # Identifiers that two people share.
    lambda someone, another: cells(someone._replace(phone=another.phone)),
    lambda someone, another: cells(someone._replace(email=another.email, phone="")),
    lambda someone, another: cells(someone._replace(user_id="", phone=another.phone)),
    lambda someone, another: cells(someone._replace(user_id=f"s-{another.user_id}", email="", phone=another.phone)),
    # Refused for what they hold.
    _with(user_id="", email="", phone=""),
    _with(email="nobody at example.com"),
    _with(phone="12"),
    _with(birthday="31.02.1990"),
    lambda someone, _another: cells(someone)[:6],
)
