"""What becomes of each column, and why a mapping cannot be."""

from collections.abc import Collection

import pytest

from contacts.imports import consents
from contacts.imports.columns import TARGETS
from contacts.imports.mapping import FIELDS, Column, Mapping, problems
from contacts.models import Contact


def columns(*targets: str) -> list[Column]:
    """Columns A, B … with these targets; `:name` is a variable, `:name:type` one of a type."""
    found = []
    for index, target in enumerate(targets):
        key, _colon, variable = target.partition(":")
        name, _colon, type_ = variable.partition(":")
        found.append(Column(index, "ABCDEFGH"[index], target=key, variable=name, type=type_ or "string" * bool(name)))
    return found


def told(*targets: str, known: dict[str, str] | None = None, archived: Collection[str] = ()) -> str:
    return " ".join(problems(Mapping(len(targets), columns(*targets)), known=known or {}, archived=archived))


def test_every_target_fills_attributes_of_a_contact() -> None:
    assert FIELDS.keys() == {target.key for target in TARGETS}
    names = {field.name for field in Contact._meta.get_fields()}
    assert {name for key, fields in FIELDS.items() for name in fields if key not in consents.FIELDS} <= names


@pytest.mark.parametrize(
    "targets",
    [("email",), ("userId", "email", "phoneNumber"), ("phoneNumber", "fullName"), ("email", ":city", ":size:number")],
)
def test_a_mapping_with_an_identifier_and_one_column_a_value_will_do(targets: tuple[str, ...]) -> None:
    assert told(*targets) == ""


def test_without_an_identifier_people_cannot_be_told_apart() -> None:
    for targets in ((), ("firstName",), (":email",), ("firstName", "lastName", "birthday")):
        assert told(*targets).startswith("Choose at least one column for the ID, the email or the phone number")


def test_two_columns_for_one_value_are_named() -> None:
    assert told("email", "firstName", "email") == "“A” and “C” are both meant for Email: one column a value."
    assert told("email", ":city", ":city") == "“B” and “C” are both meant for city: one column a value."
    assert "“B” and “C” and “D” are both meant" in told("email", ":city", ":City", ":CITY")


def test_a_full_name_is_a_first_and_a_last_name() -> None:
    for part in ("firstName", "lastName"):
        assert "leaves no place" in told("email", "fullName", part)


def test_a_variable_keeps_its_type() -> None:
    known = {"city": "string"}
    assert told("email", ":city:number", known=known) == "The variable “city” exists already, as String."
    assert told("email", ":city:string", known=known) == ""


def test_everything_wrong_is_said_at_once() -> None:
    mapping = Mapping(4, columns("firstName", "firstName", "fullName", ":city:number"))
    assert len(problems(mapping, known={"city": "date"})) == 4


def test_it_is_kept_as_json_and_comes_back() -> None:
    mapping = Mapping(4, columns("email", "fullName", ":city"), date_order="dmy", clear_blanks=True, source_id=7)
    assert Mapping.load(mapping.dump()) == mapping
    assert mapping.fields == ["email", "first_name", "last_name"]
    assert [column.variable for column in mapping.variables] == ["city"]


def test_a_new_variable_has_a_name_that_is_free() -> None:
    assert told(
        "email", ":companyName"
    ) == "“companyName” is reserved: messages know a standard variable or a word of " + ("theirs by it.")
    assert told("email", ":two words") == "Latin letters, digits and _, a letter first."
    assert "in other capitals" in told("email", ":City", known={"city": "string"})
    for name in ("city", "CITY"):
        assert told("email", f":{name}", archived=["city"]).startswith(f"The variable “{name}” is archived")
    assert told("email", ":city", known={"city": "string"}, archived=["town"]) == ""
