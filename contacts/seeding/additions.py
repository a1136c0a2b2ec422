"""What other apps add to made-up contacts, each registered by its app."""

import datetime
from collections.abc import Callable

Addition = Callable[[datetime.datetime], None]
CrowdAddition = Callable[[int, datetime.datetime], None]

_additions: list[Addition] = []
_crowd_additions: list[CrowdAddition] = []


def register(addition: Addition) -> None:
    """`addition` is called with the demo account's present moment once its people are there, in their transaction."""
    _additions.append(addition)


def register_for_crowds(addition: CrowdAddition) -> None:
    """`addition` is called, in their transaction, once people have been added beside others: with the greatest id that
    there was before, and with the present moment."""
    _crowd_additions.append(addition)


def add_all(now: datetime.datetime) -> None:
    for addition in _additions:
        addition(now)


def add_to_crowd(after: int, now: datetime.datetime) -> None:
    for addition in _crowd_additions:
        addition(after, now)
