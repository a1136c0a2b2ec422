"""What the account's own variables may be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.imports.columns import TARGETS
from contacts.variable_names import CONTACT_NAMES, LIST_NAMES, NAME, RESERVED, reason_against


@pytest.mark.parametrize("name", ["a", "city", "City_2", "x" * 40, "names", "host2"])
def test_letters_digits_and_underscores_will_do(name: str) -> None:
    assert reason_against(name) == ""


@pytest.mark.parametrize("name", ["", " city", "city\n", "1st", "_x", "a-b", "a b", "місто", "a\0", "{{a}}", "é"])
def test_other_characters_will_not(name: str) -> None:
    assert reason_against(name) == "Latin letters, digits and _, a letter first."


def test_a_name_has_an_end() -> None:
    assert reason_against("x" * 41) == "A name has 40 characters at most."


@pytest.mark.parametrize("name", [*CONTACT_NAMES, *LIST_NAMES, "true", "if"])
def test_the_standard_ones_are_reserved_in_any_capitals(name: str) -> None:
    for written in (name, name.upper(), name.lower(), name.capitalize()):
        assert reason_against(written).startswith(f"“{written}” is reserved")


def test_what_imports_know_is_reserved() -> None:
    assert {target.key.lower() for target in TARGETS} <= RESERVED


@given(st.text(max_size=45))
def test_whatever_is_let_through_can_stand_in_a_message(name: str) -> None:
    assert (reason_against(name) == "") == (NAME.fullmatch(name) is not None and name.lower() not in RESERVED)
