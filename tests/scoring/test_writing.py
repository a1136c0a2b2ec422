"""What a score rule may be, and what it keeps from being taken away under it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from activity import components
from activity.audit import Actor
from activity.components import Impossible
from activity.models import AuditEntry
from contacts.models import VariableDefinition
from scoring import writing
from scoring.models import Rule, Scoring
from scoring.rules import SCORE
from scoring.writing import change, create, delete, pause, resume, set_bounds
from segments import writing as segments
from segments.conditions import Wrong
from segments.writing import ChangedMeanwhile
from tests.factories import EventTypeFactory, SourceFactory, VariableFactory
from tests.scoring.making import OPENED, each, once
from tests.segments.making import segment

pytestmark = pytest.mark.django_db

HOT = {"field": SCORE, "op": "greater", "value": "3"}
KYIV = {"field": "variable:city", "op": "is", "value": "Kyiv"}


def in_segment(pk: int) -> dict[str, Any]:
    return {"field": "segment", "op": "member", "value": str(pk)}


def test_a_rule_cannot_ask_for_the_score_however_far_away() -> None:
    hot = segment(HOT, name="Hot")
    around = segment(in_segment(hot.pk), name="Around")

    for asked in (HOT, in_segment(hot.pk), in_segment(around.pk)):
        with pytest.raises(Wrong, match="cannot") as error:
            once(asked)
        assert "Hot" in str(error.value) or asked is HOT
    assert not Rule.objects.exists()


def test_a_segment_that_a_rule_asks_for_does_not_begin_to_and_is_not_put_aside() -> None:
    inner = segment(OPENED, name="Inner")
    around = segment(in_segment(inner.pk), name="Around")
    hot = segment(HOT, name="Hot")
    rule = once(in_segment(around.pk), name="Fans")

    for each_one, asked in ((inner, HOT), (around, HOT), (inner, in_segment(hot.pk))):
        with pytest.raises(Wrong, match="“Fans”"):
            segments.change(segment=each_one, name=each_one.name, definition={"all": [asked]}, seen=1, actor=Actor())
    with pytest.raises(segments.Impossible, match="“Fans”"):
        segments.archive(segment=around, actor=Actor())

    pause(rule=rule, actor=Actor())
    assert segments.change(segment=inner, name="Inner", definition={"all": [HOT]}, seen=1, actor=Actor())
    with pytest.raises(Wrong, match="“Inner”"):
        resume(rule=rule, actor=Actor())


def test_what_rules_ask_for_stays() -> None:
    city, event, source = (
        VariableFactory.create(name="city", type="string"),
        EventTypeFactory.create(name="viewed"),
        SourceFactory.create(name="Fair"),
    )
    once(KYIV, name="City")
    rule = each({"field": "did:other:custom-event:viewed", "op": "at_least", "value": 1}, name="View")
    once({"field": "source", "op": "is", "value": str(source.pk)}, name="Fair")

    for component, name in ((city, "City"), (event, "View"), (source, "Fair")):
        with pytest.raises(Impossible, match=f"“{name}”"):
            components.delete(component, actor=Actor())
    delete(rule=rule, actor=Actor())
    components.delete(event, actor=Actor())
    assert VariableDefinition.objects.filter(pk=city.pk).exists()


@pytest.mark.parametrize(
    "definition",
    [
        {"all": [OPENED, OPENED]},
        {"all": [OPENED], "not": True},
        {"all": [{"any": [OPENED]}]},
        {"all": [{"field": "active", "op": "yes"}]},
        {"all": [{"field": "did:email:open", "op": "never"}]},
        {"all": [{**OPENED, "value": 2}]},
        {"all": []},
        [],
    ],
)
def test_only_one_deed_is_counted_each_time(definition: Any) -> None:
    with pytest.raises(Wrong):
        create(name="R", definition=definition, each_time=True, points=1, most=1, actor=Actor())


@pytest.mark.parametrize(
    ("points", "most", "name"), [(0, 1, "R"), (1001, 1, "R"), (-1001, 1, "R"), (1, 0, "R"), (1, 101, "R"), (1, 1, " ")]
)
def test_points_times_and_names_have_bounds(points: int, most: int, name: str) -> None:
    with pytest.raises(ValidationError):
        each(OPENED, points=points, most=most, name=name)


def test_who_decided_on_what_has_changed_since_is_told_and_so_is_who_is_too_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = each(OPENED)
    values = {"name": "R", "definition": rule.definition, "each_time": True, "points": 2, "most": 5}

    assert change(rule=rule, seen=1, actor=Actor(), **values)
    assert not change(rule=rule, seen=2, actor=Actor(), **values)
    with pytest.raises(ChangedMeanwhile):
        change(rule=rule, seen=1, actor=Actor(), **values)
    with pytest.raises(ValidationError, match="already"):
        each(OPENED, name="r")
    monkeypatch.setattr(writing, "MOST_RULES", 1)
    with pytest.raises(Impossible, match="At most 1"):
        each(OPENED, name="Other")
    delete(rule=rule, actor=Actor())
    for late in (delete, resume):
        with pytest.raises(Impossible, match="deleted"):
            late(rule=rule, actor=Actor())
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "rule.add", "rule.change", "rule.delete",
    ]  # fmt: skip


def test_bounds_are_kept_in_order() -> None:
    assert set_bounds(lowest=0, highest=100, actor=Actor())
    assert not set_bounds(lowest=0, highest=100, actor=Actor())
    for lowest, highest in ((5, 4), (0, 1_000_001)):
        with pytest.raises(ValidationError):
            set_bounds(lowest=lowest, highest=highest, actor=Actor())
    assert (Scoring.present().lowest, Scoring.present().highest) == (0, 100)
