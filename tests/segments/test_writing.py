"""Segments are made, changed and put aside: circles are refused, and what they ask for stays."""

import pytest
from django.core.exceptions import ValidationError

from activity import components
from activity.audit import Actor
from activity.models import AuditEntry
from contacts.models import VariableDefinition
from contacts.retyping import change_variable
from segments.conditions import Wrong
from segments.models import Segment, State
from segments.writing import ChangedMeanwhile, Impossible, archive, change, create, free_name, restore
from tests.factories import EventTypeFactory, SourceFactory, VariableFactory
from tests.segments.making import segment, settle

pytestmark = pytest.mark.django_db

ME = Actor(name="olga")
ACTIVE = {"all": [{"field": "active", "op": "yes"}]}
INACTIVE = {"all": [{"field": "active", "op": "no"}]}


def asking_for(other: Segment) -> dict[str, object]:
    return {"all": [{"field": "segment", "op": "member", "value": str(other.pk)}]}


def test_what_is_done_is_in_the_audit_log_and_has_it_counted_anew() -> None:
    made = create(name=" Active ", definition=ACTIVE, actor=ME)
    settle()
    assert change(segment=made, name="Active", definition=INACTIVE, seen=1, actor=ME)
    made.refresh_from_db()
    assert (made.name, made.version, made.state) == ("Active", 2, State.DUE)
    assert not change(segment=made, name="Active", definition=INACTIVE, seen=2, actor=ME)
    assert archive(segment=made, actor=ME)
    assert not archive(segment=made, actor=ME)
    assert restore(segment=made, actor=ME)

    verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["segment.add", "segment.change", "segment.archive", "segment.restore"]


def test_another_name_alone_has_nothing_counted() -> None:
    made = segment(*ACTIVE["all"])
    settle()

    change(segment=made, name="Other", definition=ACTIVE, seen=1, actor=ME)

    assert list(Segment.objects.values_list("name", "version", "due_at")) == [("Other", 1, None)]


def test_of_two_at_once_the_second_is_told() -> None:
    made = create(name="A", definition=ACTIVE, actor=ME)
    change(segment=made, name="A", definition=INACTIVE, seen=1, actor=ME)

    with pytest.raises(ChangedMeanwhile):
        change(segment=made, name="A", definition=ACTIVE, seen=1, actor=ME)


def test_a_name_is_needed_and_its_own() -> None:
    create(name="Kyiv", definition=ACTIVE, actor=ME)
    for name in ("KYIV", "  "):
        with pytest.raises(ValidationError):
            create(name=name, definition=ACTIVE, actor=ME)
    assert free_name("Kyiv") == "Kyiv, copy"


def test_circles_are_refused_however_long() -> None:
    first = create(name="1", definition=ACTIVE, actor=ME)
    second = create(name="2", definition=asking_for(first), actor=ME)
    third = create(name="3", definition=asking_for(second), actor=ME)

    for asked in (first, second, third):
        with pytest.raises(Wrong):
            change(segment=first, name="1", definition=asking_for(asked), seen=1, actor=ME)
    with pytest.raises(Impossible, match="“2”"):
        archive(segment=first, actor=ME)


def test_segments_in_segments_go_so_deep_and_no_deeper() -> None:
    last = create(name="0", definition=ACTIVE, actor=ME)
    for number in range(1, 6):
        last = create(name=str(number), definition=asking_for(last), actor=ME)
    with pytest.raises(Wrong, match="no deeper"):
        create(name="6", definition=asking_for(last), actor=ME)


def test_a_thousand_conditions_are_refused_in_words() -> None:
    many = {"all": [{"any": ACTIVE["all"] * 200}]}
    some = [create(name=str(number), definition=many, actor=ME) for number in range(6)]
    asked = [asking_for(each)["all"][0] for each in some]  # type: ignore[index]

    with pytest.raises(Wrong, match="200"):
        create(name="X", definition={"all": ACTIVE["all"] * 1000}, actor=ME)
    with pytest.raises(Wrong, match="1000"):
        create(name="X", definition={"all": asked}, actor=ME)


def test_what_it_asks_for_cannot_be_deleted_or_get_another_type() -> None:
    city, visits = VariableFactory.create(name="city"), VariableFactory.create(name="visits")
    bought, fair = EventTypeFactory.create(name="bought"), SourceFactory.create(name="Fair")
    made = segment(
        {"field": "variable:city", "op": "set"},
        {"field": "did:other:custom-event:bought", "op": "never"},
        {"field": "source", "op": "any_of", "value": [str(fair.pk)]},
        name="Asking",
    )
    for component in (city, bought, fair):
        with pytest.raises(components.Impossible, match="“Asking”"):
            components.delete(component, actor=ME)
    city.type = "number"
    with pytest.raises(components.Impossible, match="“Asking”"):
        change_variable(city, actor=ME, fields=["type"])
    components.delete(visits, actor=ME)
    components.delete(SourceFactory.create(name="Another"), actor=ME)
    archive(segment=made, actor=ME)
    components.delete(city, actor=ME)
    with pytest.raises(Wrong):
        restore(segment=made, actor=ME)
    assert not VariableDefinition.objects.exists()
