"""Another type for a variable: only where all values fit, and then with them."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections, transaction

from activity.audit import Actor
from activity.components import Impossible, delete
from activity.models import AuditEntry
from contacts.models import Contact, VariableDefinition
from contacts.retyping import change_variable, reason_against
from tests.factories import ContactFactory, ContactListFactory, VariableFactory
from tests.waiting import await_waiting

ACTOR = Actor(name="somebody")


def retyped(variable: VariableDefinition, type_: str) -> None:
    variable.type = type_
    change_variable(variable, actor=ACTOR, fields=["type"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "before", "new", "after"),
    [
        ("string", ["12", "1 000,5", "0012"], "number", [Decimal(12), Decimal("1000.5"), Decimal(12)]),
        ("string", ["22.11.2026", "2024-02-29"], "date", ["2026-11-22", "2024-02-29"]),
        ("string", ["так", "no"], "boolean", [True, False]),
        ("number", [Decimal("12345678901234567890.5"), Decimal(0)], "string", ["12345678901234567890.5", "0"]),
        ("number", [Decimal(1), Decimal(0)], "boolean", [True, False]),
        ("boolean", [True, False], "string", ["true", "false"]),
        ("date", ["2026-11-22"], "string", ["2026-11-22"]),
        ("string", ["", "7", None], "number", [..., Decimal(7), None]),
    ],
)
def test_values_that_fit_are_converted(old: str, before: list[Any], new: str, after: list[Any]) -> None:
    variable = VariableFactory.create(name="v", type=old)
    contacts = [ContactFactory.create(variables={"v": value, "other": "stays"}) for value in before]
    elsewhere = ContactFactory.create(variables={"v": before[-1]}, contact_list=ContactListFactory.create())

    retyped(variable, new)

    assert VariableDefinition.objects.get().type == new
    for contact, value in zip([*contacts, elsewhere], [*after, after[-1]], strict=True):
        contact.refresh_from_db()
        assert contact.variables.pop("other", "stays") == "stays"
        assert contact.variables == ({} if value is ... else {"v": value})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "value", "new", "why"),
    [
        ("string", "many", "number", "is no number"),
        ("string", "05/06/1990", "date", "is no date"),
        ("string", "maybe", "boolean", "is no boolean"),
        ("number", Decimal(2), "boolean", "is no boolean"),
        ("boolean", True, "number", "is no number"),
        ("date", "2026-11-22", "number", "is no number"),
    ],
)
def test_one_value_that_does_not_fit_leaves_all_as_they_are(old: str, value: Any, new: str, why: str) -> None:
    variable = VariableFactory.create(name="v", type=old)
    ContactFactory.create_batch(2, variables={"v": value})
    ContactFactory.create(variables={"v": None})

    with pytest.raises(Impossible, match=r"^2 contacts have a value that " + why):
        retyped(variable, new)

    assert VariableDefinition.objects.get().type == old
    assert not AuditEntry.objects.exists()
    for contact in Contact.objects.order_by("pk")[:2]:
        assert contact.variables == {"v": value}
    assert reason_against("v", new).startswith("2 contacts")


@pytest.mark.django_db
def test_the_change_is_in_the_audit_log_without_a_value() -> None:
    variable = VariableFactory.create(name="v", label="Size", type="string")
    ContactFactory.create(variables={"v": "42"})
    retyped(variable, "number")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.object_id) == ("variabledefinition.change", variable.pk)
    assert entry.details == {"name": "v", "fields": ["type"]}


@pytest.mark.django_db
def test_twice_in_a_row_and_with_many_values() -> None:
    variable = VariableFactory.create(name="v", type="string")
    ContactFactory.create_batch(5, variables={"v": "5"})
    Contact.objects.bulk_create(
        ContactFactory.build(contact_list=ContactFactory.create().contact_list, email=f"n{n}@example.com")
        for n in range(3)
    )
    for type_ in ("number", "string", "number"):
        retyped(variable, type_)
    assert Contact.objects.filter(variables__v=5).count() == 5


@pytest.mark.django_db
def test_more_than_can_be_converted_at_once_are_refused_with_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    variable = VariableFactory.create(name="v", type="string")
    ContactFactory.create_batch(3, variables={"v": "5"})
    monkeypatch.setattr("contacts.retyping.MOST_RETYPED", 2)
    with pytest.raises(Impossible, match="3 contacts have a value; the type of 2 at most"):
        retyped(variable, "number")
    monkeypatch.setattr("contacts.retyping.MOST_RETYPED", 3)
    retyped(variable, "number")


def beside(work: Callable[[], object]) -> threading.Thread:
    """Does it in a thread, with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_who_writes_a_value_holds_its_type_until_it_is_written() -> None:
    """A type does not change between the look at it and the value of it, nor does the variable go."""
    variable = VariableFactory.create(name="v", type="string")
    contact = ContactFactory.create()
    refused: list[str] = []

    def change() -> None:
        try:
            retyped(VariableDefinition.objects.get(), "number")
        except Impossible as error:
            refused.append(str(error))

    def remove() -> None:
        try:
            delete(variable, actor=ACTOR)
        except Impossible as error:
            refused.append(str(error))

    with transaction.atomic():
        assert VariableDefinition.objects.held_types(["v", "unknown"]) == {"v": "string"}
        threads = [beside(change), beside(remove)]
        await_waiting(2)
        Contact.objects.filter(pk=contact.pk).update(variables={"v": "no number"})
    for thread in threads:
        thread.join(30)

    assert sorted(reason[:9] for reason in refused) == ["1 contact", "1 contact"]
    assert VariableDefinition.objects.get().type == "string"
