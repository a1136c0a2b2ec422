"""What other apps add to the demo account, each registered by its app."""

import datetime
from collections.abc import Callable

Addition = Callable[[datetime.datetime], None]

_additions: list[Addition] = []


def register(addition: Addition) -> None:
    """`addition` is called with the account's present moment once its people are there, in their transaction."""
    _additions.append(addition)


def add_all(now: datetime.datetime) -> None:
    for addition in _additions:
        addition(now)
