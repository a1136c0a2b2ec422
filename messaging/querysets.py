import datetime
from typing import TYPE_CHECKING

from django.db import models

from activity.catalogue import Channel
from messaging.states import State

if TYPE_CHECKING:
    from messaging.models import Message


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, channel: Channel, now: datetime.datetime) -> "MessageQuerySet":
        """Those of a channel that wait for a worker, the first to take first within a lane."""
        waiting = self.filter(state=State.QUEUED, channel=channel, next_attempt_at__lte=now)
        return waiting.order_by("next_attempt_at", "pk")

    def abandoned(self, now: datetime.datetime) -> "MessageQuerySet":
        """Those whose worker has gone."""
        return self.filter(state=State.SENDING, lease_until__lt=now)

    def held(self, pk: int, fence: int) -> "MessageQuerySet":
        """The one message, as long as whoever claimed it under this fence still holds it."""
        return self.filter(pk=pk, fence=fence, state=State.SENDING)

    def with_all(self) -> "MessageQuerySet":
        """With what their content is made of."""
        return self.select_related("contact__source", "contact__contact_list", "written", "rendered")

    def of_sandbox(self) -> "MessageQuerySet":
        return self.filter(provider="sandbox")
