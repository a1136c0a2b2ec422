"""What keeps segments true: adding up what happened, then looking at who has changed, then at what is due."""

import datetime

from django.db import transaction

from segments import behaviour
from segments.changes import look_at_changed
from segments.definitions import dependants
from segments.evaluation import evaluate_next, today
from segments.models import Position, Segment


def keep_up() -> None:
    """Brings all segments up to date; called every few seconds. What is there to be done is in the database, so it
    may be killed anywhere, and two at once do the work of one."""
    turn_day(today())
    _follow()
    while evaluate_next():
        # However many are due, who changes meanwhile does not wait for all of them.
        _follow()


def _follow() -> None:
    behaviour.feed()
    look_at_changed()


@transaction.atomic
def turn_day(day: datetime.date) -> bool:
    """Has the segments evaluated that change as days go by, once a day; returns whether that was now."""
    position, _created = Position.objects.select_for_update().get_or_create(pk=1)
    if position.day is not None and position.day >= day:
        return False
    relative = Segment.objects.current().filter(is_relative=True).values_list("pk", flat=True)
    those = set(relative).union(*map(dependants, relative))
    Segment.objects.filter(pk__in=those).come_due()
    position.day = day
    position.save(update_fields=["day"])
    return True
