"""Places of workers at a channel: no more work on it at once than it has places, whatever befalls the others.

A place is held by time, not by a connection, which a task may lose.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.utils.timezone import now

from activity.catalogue import Channel
from messaging.models import Slot


@dataclass(frozen=True)
class Place:
    channel: Channel
    number: int
    turn: int

    def keep(self) -> bool:
        """Holds it for as long again; False where it has been taken by another."""
        return bool(self._mine().update(taken_until=_end()))

    def leave(self) -> None:
        self._mine().update(taken_until=now())

    def _mine(self) -> models.QuerySet[Slot]:
        return Slot.objects.filter(channel=self.channel, number=self.number, turn=self.turn)


@contextmanager
def place_at(channel: Channel) -> Iterator[Place | None]:
    """A place of the channel for this worker; None where all are taken."""
    place = _take(channel)
    try:
        yield place
    finally:
        if place:
            place.leave()


@transaction.atomic
def _take(channel: Channel) -> Place | None:
    numbers = range(settings.DELIVERY_CONCURRENCY)
    free = Slot.objects.filter(channel=channel, number__in=numbers, taken_until__lte=now())
    slot = free.select_for_update(skip_locked=True).first()
    if slot is None:
        return _add(channel, numbers)
    slot.turn, slot.taken_until = slot.turn + 1, _end()
    slot.save(update_fields=["turn", "taken_until"])
    return Place(channel, slot.number, slot.turn)


def _add(channel: Channel, numbers: range) -> Place | None:
    """The first time each place is made."""
    there = set(Slot.objects.filter(channel=channel).values_list("number", flat=True))
    for number in numbers:
        if number not in there:
            made = Slot.objects.bulk_create(
                [Slot(channel=channel, number=number, taken_until=now())], ignore_conflicts=True
            )
            return _take(channel) if made else None
    return None


def _end() -> datetime.datetime:
    return now() + datetime.timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
