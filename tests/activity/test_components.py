"""What is done to components, whichever kind they are, and what the audit log has of it."""

import pytest
from django.core.exceptions import ValidationError

from activity import components
from activity.audit import Actor
from activity.models import AuditEntry, CustomEventType
from contacts.models import AccountVariable, Source, VariableDefinition
from tests.factories import AccountVariableFactory, ContactFactory, EventTypeFactory, SourceFactory, VariableFactory

pytestmark = pytest.mark.django_db

ACTOR = Actor(name="somebody", ip="192.0.2.7")


def entries() -> list[tuple[str, dict[str, object]]]:
    return [(entry.verb, entry.details) for entry in AuditEntry.objects.order_by("pk")]


def test_adding_and_changing_names_the_fields_and_no_value() -> None:
    source = Source(code="fair", name="Fair")
    components.save(source, actor=ACTOR, fields=["name", "code"])
    source.name = "Spring fair"
    components.save(source, actor=ACTOR, fields=["name"])
    variable = AccountVariable(name="supportPhone", type="string", value="+380441234567")
    components.save(variable, actor=ACTOR, fields=["value", "name"])

    assert entries() == [
        ("source.add", {"name": "Fair", "fields": ["code", "name"]}),
        ("source.change", {"name": "Spring fair", "fields": ["name"]}),
        ("accountvariable.add", {"name": "supportPhone", "fields": ["name", "value"]}),
    ]
    last = AuditEntry.objects.latest("pk")
    assert (last.object_type, last.object_id) == ("contacts.accountvariable", variable.pk)
    assert (last.actor_name, last.ip) == ("somebody", "192.0.2.7")


def test_a_value_that_will_not_do_is_refused_at_this_door_too() -> None:
    with pytest.raises(ValidationError):
        components.save(VariableDefinition(name="firstName", type="string"), actor=ACTOR, fields=["name"])
    with pytest.raises(ValidationError):
        components.save(Source(code="a b", name="Fair"), actor=ACTOR, fields=["code"])
    assert entries() == []
    assert not Source.objects.exists()


@pytest.mark.parametrize("factory", [VariableFactory, AccountVariableFactory, EventTypeFactory])
def test_what_others_refer_to_it_by_stays(factory: type[VariableFactory]) -> None:
    component = factory.create(name="before")
    component.name = "after"
    with pytest.raises(components.Impossible, match="name cannot be changed"):
        components.save(component, actor=ACTOR, fields=["name"])
    component.refresh_from_db()
    assert component.name == "before"


def test_what_is_in_use_cannot_vanish() -> None:
    source, variable = SourceFactory.create(), VariableFactory.create(name="size")
    ContactFactory.create(source=source, variables={"size": "XL"})
    for component in (source, variable):
        with pytest.raises(components.Impossible, match=r"^1 contact "):
            components.delete(component, actor=ACTOR)
        component.refresh_from_db()
    assert entries() == []


def test_what_is_not_can() -> None:
    for component in (SourceFactory.create(name="Fair"), VariableFactory.create(), EventTypeFactory.create()):
        components.delete(component, actor=ACTOR)
        assert not type(component)._default_manager.exists()
    assert [verb for verb, _details in entries()] == [
        "source.delete",
        "variabledefinition.delete",
        "customeventtype.delete",
    ]
    assert entries()[0][1] == {"name": "Fair"}
    assert AuditEntry.objects.earliest("pk").object_id


@pytest.mark.parametrize("factory", [VariableFactory, EventTypeFactory])
def test_archiving_is_told_once_and_can_be_taken_back(factory: type[EventTypeFactory]) -> None:
    component: CustomEventType = factory.create()
    kind = component._meta.model_name
    for _twice in range(2):
        components.archive(component, actor=ACTOR)
        assert component.archived
    for _twice in range(2):
        components.restore(component, actor=ACTOR)
        assert not component.archived
    assert [verb for verb, _details in entries()] == [f"{kind}.archive", f"{kind}.restore"]
