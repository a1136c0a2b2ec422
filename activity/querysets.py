from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

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

    def of_message(self, pk: int) -> "EventQuerySet":
        """Those of one message, among the events that are left; the first one first."""
        return self.filter(message_id=pk).order_by("occurred_at", "id")
