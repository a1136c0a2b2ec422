"""Which numbers exist: the same as libphonenumber says, whatever the digits."""

from random import Random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumber, PhoneNumberType

from contacts.identity.numbering import exists

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def by_the_library(code: int, national: str) -> bool:
    zeros = min(len(national) - len(national.lstrip("0")), len(national) - 1)
    number = PhoneNumber(
        country_code=code,
        national_number=int(national),
        italian_leading_zero=zeros > 0 or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )
    return bool(phonenumbers.is_valid_number(number))


def examples(code: int) -> set[str]:
    """A number of every type and region of a code, and of some one digit off."""
    found = {
        phonenumbers.national_significant_number(number)
        for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
        for kind in PhoneNumberType.values()
        if (number := phonenumbers.example_number_for_type(region, kind)) and number.country_code == code
    }
    if number := phonenumbers.example_number_for_non_geo_entity(code):
        found.add(phonenumbers.national_significant_number(number))
    draw = Random(code)
    for digits in sorted(found):
        place = draw.randrange(len(digits))
        found |= {f"{digits}0", digits[:-1], f"{digits[:place]}{draw.randrange(10)}{digits[place + 1 :]}"}
    return found - {""}


@pytest.mark.parametrize("code", CODES)
def test_examples_of_every_country_and_their_neighbours(code: int) -> None:
    numbers = examples(code)
    assert numbers
    assert {number: exists(code, number) for number in numbers} == {
        number: by_the_library(code, number) for number in numbers
    }


@given(st.sampled_from(CODES), st.text("0123456789", min_size=1, max_size=15))
def test_any_digits(code: int, national: str) -> None:
    assert exists(code, national) == by_the_library(code, national)


def test_a_code_of_no_country_has_no_numbers() -> None:
    assert not exists(999, "501234567")
