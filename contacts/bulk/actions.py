"""What can be done to many contacts at once. An app registers its actions when it is ready."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.utils.functional import Promise

from activity.audit import Actor


class Done(NamedTuple):
    """What became of some contacts: changed, as they were before, or refused by a rule."""

    changed: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Action:
    """`apply` does it to contacts by their ids, for a reason in a person's words, within the caller's transaction.

    `follows` says what will come of it. What is `final` cannot be taken back.
    """

    slug: str
    label: str | Promise
    permission: str
    follows: str | Promise
    apply: Callable[[Sequence[int], Actor, str], Done]
    group: str | Promise
    # What it is called where its group is not seen; the label, where that says it all.
    title: str | Promise = ""
    final: bool = False

    @property
    def name(self) -> str:
        return str(self.title or self.label)


_actions: dict[str, Action] = {}


def register(*actions: Action) -> None:
    """Adds actions behind those that are there."""
    _actions.update((action.slug, action) for action in actions)


def action_of(slug: str) -> Action | None:
    return _actions.get(slug)


def offered_to(user: AbstractUser) -> dict[str, list[Action]]:
    """Those that the user may do by their groups, the final ones last."""
    found: dict[str, list[Action]] = {}
    for each in sorted(_actions.values(), key=lambda action: action.final):
        if user.has_perm(each.permission):
            found.setdefault(str(each.group), []).append(each)
    return found
