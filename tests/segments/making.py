"""Segments for tests, and the tidy way to bring them up to date."""

from typing import Any

from activity.audit import Actor
from segments import behaviour
from segments.changes import look_at_changed
from segments.evaluation import evaluate_next
from segments.models import Membership, Segment
from segments.writing import create


def segment(*conditions: dict[str, Any], name: str = "S", join: str = "all") -> Segment:
    return create(name=name, definition={join: list(conditions)}, actor=Actor())


def settle() -> None:
    """All that a worker does, but for the turn of a day."""
    behaviour.feed()
    look_at_changed()
    while evaluate_next():
        pass


def members(of: Segment) -> set[int]:
    return set(Membership.objects.filter(segment=of).values_list("contact_id", flat=True))
