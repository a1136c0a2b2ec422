import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from segments.models import Segment


class SegmentQuerySet(models.QuerySet["Segment"]):
    def current(self) -> "SegmentQuerySet":
        """Those in use: not archived."""
        return self.filter(archived_at=None)

    def due(self, now: datetime.datetime) -> "SegmentQuerySet":
        """Those of which all is to be evaluated, the one that has waited longest first."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")

    def kept_up(self) -> "SegmentQuerySet":
        """Those whose members are right but for contacts that have changed since."""
        return self.current().filter(state="fresh")

    def named_in(self, word: str) -> "SegmentQuerySet":
        """Those whose definition names a field, such as `variable:city`, whether in use or archived."""
        return self.filter(Q(definition__icontains=f'"{word}"'))
