from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from activity.transfer_states import State

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from activity.models import Transfer


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

    def count_by_state(self) -> Iterable[tuple[str, str, int]]:
        """(kind, state, count) rows."""
        return self.order_by().values_list("kind", "state").annotate(count=Count("id"))
