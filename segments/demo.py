"""The segments of the demo account, evaluated as of its present moment."""

import datetime
from contextlib import suppress
from typing import Any

from activity.audit import Actor
from segments import behaviour
from segments.conditions import Wrong
from segments.evaluation import evaluate_next
from segments.models import Segment, Size
from segments.writing import create

_ACTOR = Actor(name="Marta Levchenko")
_SEGMENTS: dict[str, dict[str, Any]] = {
    "Kyiv, women": {
        "all": [
            {"field": "variable:city", "op": "any_of", "value": ["Київ", "Kyiv"]},
            {"field": "gender", "op": "is", "value": "2"},
        ]
    },
    "Loyal: Gold and Platinum": {
        "all": [
            {"field": "variable:loyaltyTier", "op": "any_of", "value": ["Gold", "Platinum"]},
            {"field": "variable:orders", "op": "greater", "value": "3"},
        ]
    },
    "Opened an email in 30 days": {
        "all": [
            {"field": "did:email:open", "op": "at_least", "value": 1, "days": 30},
            {"field": "receives:email", "op": "yes"},
        ]
    },
    "Asleep for 30 days": {
        "all": [
            {"field": "did:email:delivered", "op": "at_least", "value": 1, "days": 60},
            {"any": [{"field": "did:email:open", "op": "at_least", "value": 1, "days": 30}], "not": True},
            {"field": "active", "op": "yes"},
        ]
    },
    "Birthday within a week": {
        "all": [
            {"field": "birthday", "op": "anniversary", "value": 7},
            {"any": [{"field": "receives:email", "op": "yes"}, {"field": "receives:viber", "op": "yes"}]},
        ]
    },
    "Bought twice in 60 days": {
        "all": [{"field": "did:other:custom-conversion:purchase", "op": "at_least", "value": 2, "days": 60}]
    },
    "New in 75 days": {"all": [{"field": "addedAt", "op": "in_last", "value": 75}]},
}
# How the sizes may have come about, in hundredths of what they are now.
_TREND = (61, 64, 64, 70, 69, 74, 78, 77, 81, 86, 85, 90, 92, 97)


def add_demo_segments(now: datetime.datetime) -> None:
    _make()
    behaviour.feed()
    while evaluate_next(as_of=now.date()):
        pass
    _remember(now.date())


def add_segments(_after: int, _now: datetime.datetime) -> None:
    """Beside a crowd the same, where there are none; a worker finds out who is in them."""
    _make()


def _make() -> None:
    if Segment.objects.exists():
        return
    for name, definition in _SEGMENTS.items():
        # An account may have the variable with another type.
        with suppress(Wrong):
            create(name=name, definition=definition, actor=_ACTOR)


def _remember(today: datetime.date) -> None:
    Size.objects.bulk_create(
        Size(
            segment=segment,
            day=today - datetime.timedelta(days=2 * (len(_TREND) - place)),
            size=segment.size * share // 100,
        )
        for segment in Segment.objects.all()
        for place, share in enumerate(_TREND)
    )
