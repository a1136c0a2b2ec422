import datetime
from typing import TYPE_CHECKING

from django.db import models

from activity.catalogue import Channel
from activity.prepared import Given
from messaging.states import State

if TYPE_CHECKING:
    from messaging.models import Message


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, channel: Channel, now: datetime.datetime | Given) -> "MessageQuerySet":
        """Those of a channel that wait for a worker, the first to take first within a lane."""
        waiting = self.filter(state=State.QUEUED, channel=channel, next_attempt_at__lte=now)
        return waiting.order_by("next_attempt_at", "pk")

    def longest_wait(self, channel: Channel, now: datetime.datetime) -> float:
        """Seconds since the first of a channel should have been taken; 0 where none waits. An index probe a lane."""
        first = (
            self.due(channel, now).filter(lane=lane).values_list("next_attempt_at", flat=True)[:1] for lane in (0, 1)
        )
        times = [time for rows in first for time in rows]
        return (now - min(times)).total_seconds() if times else 0.0

    def abandoned(self, now: datetime.datetime) -> "MessageQuerySet":
        """Those whose worker has gone."""
        return self.filter(state=State.SENDING, lease_until__lt=now)

    def held(self, pk: int, fence: int) -> "MessageQuerySet":
        """The one message, as long as whoever claimed it under this fence still holds it."""
        return self.filter(pk=pk, fence=fence, state=State.SENDING)

    def with_all(self) -> "MessageQuerySet":
        """With what their content is made of."""
        return self.select_related("contact__source", "contact__contact_list", "written", "rendered")

    def to_check(self, now: datetime.datetime) -> "MessageQuerySet":
        """Those that a provider is to be asked for."""
        return self.filter(check_at__lte=now).order_by("check_at", "pk")

    def doubtful(self) -> "MessageQuerySet":
        """Those that wait for a person to say whether they were sent."""
        return self.filter(state=State.UNCERTAIN)

    def of_sandbox(self) -> "MessageQuerySet":
        return self.filter(provider="sandbox")
