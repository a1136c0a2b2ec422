"""What keeps segments true: adding up what happened, then looking at who has changed, then at what is due."""

import datetime

from django.db import transaction

from activity.months import oldest_kept
from segments import behaviour
from segments.changes import look_at_changed
from segments.definitions import dependants
from segments.evaluation import evaluate_next, today
from segments.expressions import day_start
from segments.models import Behaviour, Position, Segment


def keep_up() -> None:
    """Brings all segments up to date; called every few seconds. What is there to be done is in the database, so it
    may be killed anywhere, and two at once do the work of one."""
    behaviour.follow_zone()
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
    """Has the segments evaluated that change as days go by, once a day; returns whether that was now.

    With a month of events goes the behaviour of that month, and who was in a segment by it.
    """
    position, _created = Position.objects.select_for_update().get_or_create(pk=1)
    if position.day is not None and position.day >= day:
        return False
    relative = Segment.objects.current().filter(is_relative=True).values_list("pk", flat=True)
    oldest = oldest_kept(day_start(day))
    has_dropped = oldest is not None and (position.day is None or oldest != oldest_kept(day_start(position.day)))
    of_deeds = Segment.objects.current().filter(definition__icontains='"did:').values_list("pk", flat=True)
    starting = {*relative, *(of_deeds if has_dropped else ())}
    Segment.objects.filter(pk__in=starting.union(*map(dependants, starting))).come_due()
    if oldest is not None and has_dropped:
        # Behaviour is kept no longer than the events that it is of.
        Behaviour.objects.filter(last_at__lt=day_start(oldest)).delete()
    position.day = day
    position.save(update_fields=["day"])
    return True
