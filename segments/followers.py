"""What other apps keep in step with the same changes of contacts as segments, each registered by its app."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from segments.conditions import Group
from segments.models import Segment


@dataclass(frozen=True)
class Follower:
    """`note` takes note of contacts that segments have looked at, in that transaction, to look at them later itself.

    `follow` looks at some at once, where all is taken back afterwards. `renew` has everybody looked at anew.
    `objection` says why a segment cannot ask for what a definition asks (None: cannot be put aside); "" where it can.
    """

    note: Callable[[Sequence[int]], None]
    follow: Callable[[Sequence[int], datetime.date], object]
    renew: Callable[[], None]
    objection: Callable[[Segment, Group | None], str]


_followers: list[Follower] = []


def register(follower: Follower) -> None:
    _followers.append(follower)


def note(ids: Sequence[int]) -> None:
    for follower in _followers:
        follower.note(ids)


def follow(ids: Sequence[int], day: datetime.date) -> None:
    for follower in _followers:
        follower.follow(ids, day)


def renew() -> None:
    for follower in _followers:
        follower.renew()


def objection(segment: Segment, group: Group | None) -> str:
    return next(filter(None, (follower.objection(segment, group) for follower in _followers)), "")
