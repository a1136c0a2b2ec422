"""The score rules of the demo account, and its scores as of its present moment."""

import datetime
from contextlib import suppress
from typing import Any

from activity.audit import Actor
from scoring.keeping import walk
from scoring.models import Rule
from scoring.writing import create, pause, set_bounds
from segments.conditions import MOST_TIMES, Wrong

_ACTOR = Actor(name="Marta Levchenko")


def _each(field: str, days: int, points: int, most: int = MOST_TIMES) -> dict[str, Any]:
    asked = {"field": field, "op": "at_least", "value": 1, "days": days}
    return {"definition": {"all": [asked]}, "each_time": True, "points": points, "most": most}


def _once(points: int, *asked: dict[str, Any]) -> dict[str, Any]:
    return {"definition": {"all": list(asked)}, "each_time": False, "points": points, "most": MOST_TIMES}


_RULES: dict[str, dict[str, Any]] = {
    "Opened an email": _each("did:email:open", 30, 1, 10),
    "Clicked in an email": _each("did:email:click", 90, 3, 10),
    "Purchase": _each("did:other:custom-conversion:purchase", 180, 20, 5),
    "Complained": _each("did:email:complaint", 365, -50, 1),
    "Loyal: Gold and Platinum": _once(
        25, {"field": "variable:loyaltyTier", "op": "any_of", "value": ["Gold", "Platinum"]}
    ),
    "Cannot be reached by email": _once(-10, {"field": "receives:email", "op": "no"}),
    "New": _once(15, {"field": "addedAt", "op": "in_last", "value": 30}),
}
_PAUSED = {"Summer fair": _once(5, {"field": "variable:city", "op": "any_of", "value": ["Київ", "Kyiv"]})}


def add_demo_rules(now: datetime.datetime) -> None:
    _make()
    set_bounds(lowest=0, highest=None, actor=_ACTOR)
    while walk(as_of=now.date()):
        pass


def add_rules(_after: int, _now: datetime.datetime) -> None:
    """Beside a crowd the same, where there are none; a worker computes the scores."""
    _make()


def _make() -> None:
    if Rule.objects.exists():
        return
    for name, values in (_RULES | _PAUSED).items():
        # An account may have the variable with another type.
        with suppress(Wrong):
            rule = create(name=name, **values, actor=_ACTOR)
            if name in _PAUSED:
                pause(rule=rule, actor=_ACTOR)
