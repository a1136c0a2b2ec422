import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from activity.catalogue import MOST_FREQUENT, Channel, Origin, Status, is_infrequent
from activity.transfer_states import State

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from activity.models import Event, Transfer


class TransferQuerySet(models.QuerySet["Transfer"]):
    def due(self) -> "TransferQuerySet":
        """Those a worker should take now: queued ones, and running ones whose worker has gone."""
        now = timezone.now()
        return self.filter(
            Q(state=State.QUEUED, due_at__lte=now) | Q(state=State.RUNNING, lease_until__lt=now),
        )

    def visible_to(self, user: "AbstractUser") -> "TransferQuerySet":
        """One's own; everybody's for those who may see the audit log."""
        if user.has_perm("activity.view_auditentry"):
            return self
        return self.filter(owner_id=user.pk)

    def with_files(self) -> "TransferQuerySet":
        """Those whose files have not expired."""
        return self.filter(expires_at__isnull=False)

    def count_by_state(self) -> Iterable[tuple[str, str, int]]:
        """(kind, state, count) rows."""
        return self.order_by().values_list("kind", "state").annotate(count=Count("id"))


class EventQuerySet(models.QuerySet["Event"]):
    """Reads of events. Each begins with one contact: no index leads to events in any other way."""

    def of_contact(self, pk: int) -> "EventQuerySet":
        return self.filter(contact_id=pk)

    def of_kind(
        self, channel: Channel | None = None, origin: Origin | None = None, status: Status | None = None
    ) -> "EventQuerySet":
        """Those of a filter of the catalogue; None stands for all at its level."""
        chosen = {"channel": channel, "origin": origin, "status": status}
        rows = self.filter(**{name: code.value for name, code in chosen.items() if code is not None})
        if status is None and is_infrequent(channel, origin, None):
            return rows.infrequent()
        return rows

    def infrequent(self) -> "EventQuerySet":
        """Tells the planner what it cannot know by itself: that an index of the rarer statuses has them all."""
        return self.filter(status__gt=MOST_FREQUENT.value)

    def since(self, start: datetime.datetime | None) -> "EventQuerySet":
        """Those from a time on; of all times where it is None. Months before it are not even opened."""
        return self if start is None else self.filter(occurred_at__gte=start)

    def of_message(self, pk: int) -> "EventQuerySet":
        """Those of one message, among the events that are left; the first one first."""
        return self.filter(message_id=pk).order_by("occurred_at", "id")
