"""What can be done with an event of a feed, beyond reading it. Each app registers its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Exists
from django.utils.functional import Promise

from activity.models import Event
from activity.querysets import EventQuerySet


@dataclass(frozen=True)
class RowAction:
    """A link beside an event: `is_offered`, on a queryset of events, tells whether there is anything to do it with."""

    name: str
    label: str | Promise
    permission: str
    is_offered: Exists
    url: Callable[[Event], str]


_actions: list[RowAction] = []


def register(action: RowAction) -> None:
    """Adds an action behind those that are there."""
    _actions.append(action)


def asked(events: EventQuerySet) -> EventQuerySet:
    """The same events, each knowing what is offered with it, without another statement."""
    return events.annotate(**{f"offers_{action.name}": action.is_offered for action in _actions})


def links(event: Event, may: Callable[[str], bool]) -> Iterator[tuple[str | Promise, str]]:
    """Label and address of what somebody with these permissions can do with an event that was `asked`."""
    for action in _actions:
        if getattr(event, f"offers_{action.name}", False) and may(action.permission):
            yield action.label, action.url(event)
