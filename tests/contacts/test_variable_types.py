"""The account's own variables: typed values that survive JSON exactly."""

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.identity import Invalid
from contacts.models import Contact
from contacts.variable_types import (
    Type,
    VariableDecoder,
    VariableEncoder,
    for_people,
    normal_text,
    of_json,
    of_text,
    to_json,
)
from tests.factories import ContactFactory

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=None).filter(lambda n: abs(n.adjusted()) < 39)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
VALUES = st.dictionaries(TEXTS, st.one_of(NUMBERS, TEXTS, st.booleans(), st.none()))


@pytest.mark.parametrize(
    ("type_", "text", "written"),
    [
        ("string", "00123", '"00123"'),
        ("string", "12345678901234567890", '"12345678901234567890"'),
        ("string", "1e3", '"1e3"'),
        ("string", 'says "hi" \\ \n', '"says \\"hi\\" \\\\ \\n"'),
        ("string", "Київ", '"Київ"'),
        ("string", " kept as written ", '" kept as written "'),
        ("number", "00123", "123"),
        ("number", "12345678901234567890", "12345678901234567890"),
        ("number", "1e3", "1000"),
        ("number", "0.10", "0.1"),
        ("number", "-1 234,5", "-1234.5"),
        ("number", "1e-20", "0.00000000000000000001"),
        ("boolean", "так", "true"),
        ("boolean", "No", "false"),
        ("date", "22.11.2026", '"2026-11-22"'),
        ("date", "2026-11-22", '"2026-11-22"'),
    ],
)
def test_a_text_becomes_a_value_of_its_type(type_: str, text: str, written: str) -> None:
    assert to_json(type_, text) == written


@pytest.mark.parametrize(
    ("type_", "text"),
    [("number", "12 apples"), ("number", "1e99"), ("boolean", "maybe"), ("date", "05/06/1990"), ("string", "a\0b")],
)
def test_a_text_of_another_type_is_refused_with_a_reason(type_: str, text: str) -> None:
    with pytest.raises(Invalid, match=r"^“"):
        to_json(type_, text)


@given(st.sampled_from(Type.values), st.text(max_size=60))
def test_a_normal_text_is_its_own_normal_form_and_the_value_that_json_has(type_: str, text: str) -> None:
    try:
        normal = normal_text(type_, text)
    except Invalid:
        return
    assert normal_text(type_, normal) == normal
    assert of_text(type_, normal) == of_json(type_, json.loads(to_json(type_, text), cls=VariableDecoder))


def test_what_was_kept_as_another_type_is_shown_as_it_is() -> None:
    assert (of_json("date", "2026-11-22"), of_json("date", "soon"), of_json("date", "")) == (
        datetime.date(2026, 11, 22),
        "soon",
        None,
    )
    assert for_people(of_json("number", "XL")) == "XL"


def test_a_date_is_read_in_the_order_that_was_chosen() -> None:
    assert to_json("date", "05/06/1990", order="dmy") == '"1990-06-05"'
    assert to_json("date", "05/06/1990", order="mdy") == '"1990-05-06"'


@given(st.sampled_from(Type.values), st.text(max_size=60))
def test_whatever_is_accepted_is_json(type_: str, text: str) -> None:
    try:
        written = to_json(type_, text)
    except Invalid:
        return
    value = json.loads(written, cls=VariableDecoder)
    assert isinstance(value, {"string": str, "number": Decimal, "boolean": bool, "date": str}[type_])


@given(VALUES)
def test_json_loses_no_digit_and_no_character(values: dict[str, Any]) -> None:
    text = json.dumps(values, cls=VariableEncoder)
    assert json.loads(text, cls=VariableDecoder) == values


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_nor_does_the_database(values: dict[str, Any]) -> None:
    contact = ContactFactory.create(variables=values)
    contact.refresh_from_db()
    assert contact.variables == values
    assert contact.variables.keys() == values.keys()


@pytest.mark.django_db
def test_a_long_number_is_a_number_of_all_its_digits_to_sql_too() -> None:
    long, fine = Decimal("12345678901234567890"), Decimal("0.12345678901234567890123")
    contact = ContactFactory.create(variables={"long": long, "fine": fine})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (variables->'long')::numeric, (variables->'fine')::numeric, jsonb_typeof(variables->'long')"
            " FROM contacts_contact WHERE id = %s",
            [contact.pk],
        )
        assert cursor.fetchone() == (long, fine, "number")
    assert Contact.objects.filter(variables__long=long).exists()
