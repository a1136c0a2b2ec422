"""Score rules are made, changed, paused and deleted; scores follow within seconds, those of many within minutes."""

from typing import Any

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activity import components
from activity.audit import Actor, record
from activity.components import Impossible
from scoring.models import MOST_RULES, Rule, Scoring
from scoring.rules import score_in
from segments import writing as segments
from segments.conditions import Condition, Group, Mistake, Wrong
from segments.kinds import Kind
from segments.writing import ChangedMeanwhile

FIELDS = ("name", "definition", "each_time", "points", "most")
BOUNDS_SET = "scoring.bounds"


@transaction.atomic
def create(*, name: str, definition: Any, each_time: bool, points: int, most: int, actor: Actor) -> Rule:
    """Makes a rule, at once in force. Raises `conditions.Wrong`, `ValidationError`, and `Impossible` where there are
    too many."""
    _hold()
    _leave_room()
    rule = Rule(name=name.strip(), each_time=each_time, points=points, most=most)
    _define(rule, definition)
    rule.full_clean()
    rule.save(force_insert=True)
    record(actor=actor, verb="rule.add", of=rule, name=rule.name)
    _wake()
    return rule


@transaction.atomic
def change(*, rule: Rule, seen: int, actor: Actor, **values: Any) -> bool:
    """Gives a rule other values of `FIELDS`; returns whether that changed anything. `seen`: its version when the person
    decided. Raises as `create` does, `ChangedMeanwhile` too."""
    _hold()
    present = _locked(rule)
    if present.version != seen:
        raise ChangedMeanwhile(_("Somebody else has changed this rule meanwhile. Look at theirs before you go on."))
    before = [getattr(present, field) for field in FIELDS]
    for field, value in values.items():
        setattr(present, field, value)
    present.name = present.name.strip()
    _define(present, present.definition)
    changed = [field for field, was in zip(FIELDS, before, strict=True) if getattr(present, field) != was]
    if not changed:
        return False
    present.full_clean()
    present.version += 1
    present.save()
    record(actor=actor, verb="rule.change", of=present, name=present.name, fields=changed)
    _wake()
    return True


@transaction.atomic
def pause(*, rule: Rule, actor: Actor) -> None:
    """Takes the rule's points away from everybody until it is resumed."""
    _hold()
    components.archive(rule, actor=actor)
    _wake()


@transaction.atomic
def resume(*, rule: Rule, actor: Actor) -> None:
    """Raises `conditions.Wrong` where what the rule asks for has gone meanwhile, and `Impossible` where there are too
    many in force."""
    _hold()
    present = _locked(rule)
    if present.archived:
        _leave_room()
        _define(present, present.definition)
        components.restore(present, actor=actor)
        _wake()


@transaction.atomic
def delete(*, rule: Rule, actor: Actor) -> None:
    """Takes the rule away with all its points. Raises `Impossible` where it has gone already."""
    _hold()
    components.delete(_locked(rule), actor=actor)
    _wake()


@transaction.atomic
def set_bounds(*, lowest: int | None, highest: int | None, actor: Actor) -> bool:
    """Keeps every score between these, None being no bound; returns whether that changed anything. Raises
    `ValidationError`."""
    scoring = Scoring.held()
    if (scoring.lowest, scoring.highest) == (lowest, highest):
        return False
    scoring.lowest, scoring.highest = lowest, highest
    scoring.full_clean()
    if lowest is not None and highest is not None and lowest > highest:
        raise ValidationError({"highest": _("This is less than the least.")})
    scoring.save(update_fields=["lowest", "highest"])
    record(actor=actor, verb=BOUNDS_SET, lowest=lowest, highest=highest)
    _wake()
    return True


def checked(definition: Any, *, each_time: bool) -> Group:
    """A definition as a rule can have it. Raises `conditions.Wrong` for what segments could not have either, for
    what asks for the score, and where what is to be counted `each_time` is not one thing that contacts did."""
    group = segments.checked(definition, of=None)
    if reason := score_in(group.as_json()):
        raise Wrong([Mistake("", reason)])
    if each_time:
        asked = next(group.conditions())
        if group.negated or group.members != (asked,) or not _is_counted(asked):
            raise Wrong([Mistake("", _("What is counted each time is one thing that contacts did, and no more."))])
    return group


def _is_counted(asked: Condition) -> bool:
    return asked.field.kind is Kind.DEED and asked.operator.key == "at_least" and asked.times == 1


def _define(rule: Rule, definition: Any) -> None:
    group = checked(definition, each_time=rule.each_time)
    segments.hold_what_it_names(group)
    # Before it was held some of that may have gone.
    checked(definition, each_time=rule.each_time)
    rule.definition, rule.is_relative = group.as_json(), group.is_relative


def _leave_room() -> None:
    if Rule.objects.filter(archived_at=None).count() >= MOST_RULES:
        raise Impossible(_("At most %(most)d score rules can be in force. Pause one first.") % {"most": MOST_RULES})


def _locked(rule: Rule) -> Rule:
    try:
        return Rule.objects.select_for_update().get(pk=rule.pk)
    except Rule.DoesNotExist:
        raise Impossible(_("It has been deleted meanwhile.")) from None


def _hold() -> None:
    """Nobody writes segments or rules beside us: what a rule asks for does not begin to ask for the score meanwhile."""
    segments.hold()
    components.hold(Rule)


def _wake() -> None:
    transaction.on_commit(lambda: current_app.send_task("scoring.tasks.keep_up", expires=30), robust=True)
