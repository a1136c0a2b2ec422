"""What score rules ask for stays while they do: variables of their type, types of events, sources, segments."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from activity.models import Component
from scoring.models import Rule
from scoring.rules import kept_definitions, score_in, segments_asked_by
from segments.conditions import Group
from segments.models import Segment
from segments.uses import asks


def objection(component: Component, fields: Collection[str] | None) -> str:
    """Why a component cannot be deleted, or its `fields` cannot be changed; "" where it can."""
    return _asked_by([rule for rule in _in_force() if asks(rule.definition, component, fields)])


def segment_objection(segment: Segment, group: Group | None) -> str:
    """Why a segment cannot have this definition, or be put aside (None); "" where it can."""
    rules = _in_force()
    kept = kept_definitions() if rules else {}
    users = [rule for rule in rules if segment.pk in segments_asked_by([rule.definition], kept)]
    if group is None or not users:
        return _asked_by(users)
    names = ", ".join(f"“{rule}”" for rule in users)
    words = _("Score rules ask for this segment, so it cannot ask for the score: %(names)s.")
    return words % {"names": names} if score_in(group.as_json()) else ""


def _asked_by(rules: Collection[Rule]) -> str:
    if not rules:
        return ""
    names = ", ".join(f"“{rule}”" for rule in rules)
    return _("Score rules ask for it: %(names)s. Change or pause those first.") % {"names": names}


def _in_force() -> list[Rule]:
    return list(Rule.objects.filter(archived_at=None))
