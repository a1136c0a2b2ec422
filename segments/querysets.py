import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

if TYPE_CHECKING:
    from segments.models import Segment


class SegmentQuerySet(models.QuerySet["Segment"]):
    def current(self) -> "SegmentQuerySet":
        """Those in use: not archived."""
        return self.filter(archived_at=None)

    def locked(self) -> "SegmentQuerySet":
        """Their rows held to the end of the transaction, in the order in which everybody takes several of them."""
        return self.order_by("pk").select_for_update(no_key=True)

    def come_due(self) -> int:
        """Has all of them evaluated anew, within a transaction; returns how many."""
        held = list(self.locked().values_list("pk", flat=True))
        return self.model._default_manager.filter(pk__in=held).update(due_at=now())

    def due(self, moment: datetime.datetime) -> "SegmentQuerySet":
        """Those of which all is to be evaluated, the one that has waited longest first."""
        return self.filter(due_at__lte=moment).order_by("due_at", "pk")

    def kept_up(self) -> "SegmentQuerySet":
        """Those whose members are right but for contacts that have changed since."""
        return self.current().filter(state="fresh")

    def named_in(self, word: str) -> "SegmentQuerySet":
        """Those whose definition names a field, such as `variable:city`, whether in use or archived."""
        return self.filter(Q(definition__icontains=f'"{word}"'))
