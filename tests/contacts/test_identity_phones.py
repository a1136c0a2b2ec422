"""Phone numbers in the form of E.164."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from contacts.identity import Invalid, phone, phone_for_people

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
KINDS = [
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.VOIP,
    PhoneNumberType.UAN,
]


def found(digits: str, region: str) -> str:
    try:
        return phone(digits, region)
    except Invalid:
        return "none"


def examples(region: str) -> list[phonenumbers.PhoneNumber]:
    found = (phonenumbers.example_number_for_type(region, kind) for kind in KINDS)
    return [number for number in found if number]


@pytest.mark.parametrize(
    "written",
    [
        "+380671234567",
        "+380 67 123 45 67",
        "+380 (67) 123-45-67",
        "+380 (0)67 123-45-67",
        "00380671234567",
        "00 380 67 123 4567",
        "0671234567",
        "(067) 123-45-67",
        "067.123.45.67",
        "067/123-45-67",
        "671234567",
        "380671234567",
        "tel:+380-67-123-45-67",
        "Тел. 067 123 45 67",
        "Mobile: 067 123 45 67",
        "'+380671234567",
        "+380\xa067\u202f123\u200945\u201167",
        "\u202a+380 67 123 4567\u202c",
        "＋３８０６７１２３４５６７",
        "٠٦٧١٢٣٤٥٦٧",
        "  0671234567\n",
    ],
)
def test_one_number_has_one_form_however_it_is_written(written: str) -> None:
    assert phone(written, "UA") == "+380671234567"


@pytest.mark.parametrize(
    ("written", "region", "normal"),
    [
        ("020 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", "UA", "+442079460958"),
        ("0044 20 7946 0958", "UA", "+442079460958"),
        ("0044 20 7946 0958", "US", "+442079460958"),
        ("011 44 20 7946 0958", "US", "+442079460958"),
        ("8 10 380 44 490 00 00", "RU", "+380444900000"),
        ("0044 20 7946 0958", "", "+442079460958"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("1 212 555 0123", "US", "+12125550123"),
        ("06 12345678", "IT", "+390612345678"),
        ("501 234 567", "PL", "+48501234567"),
        ("+800 1234 5678", "", "+80012345678"),
        ("067 123 45 67", "ua", "+380671234567"),
    ],
)
def test_a_number_is_read_as_it_is_dialled_in_the_region(written: str, region: str, normal: str) -> None:
    assert phone(written, region) == normal


def test_nine_digits_never_become_another_countrys_number() -> None:
    """`501234567` is +380501234567 in Ukraine; it must not be Belize's (+501) anywhere."""
    for region in REGIONS:
        assert found("501234567", region).startswith((f"+{phonenumbers.country_code_for_region(region)}", "none"))


@given(st.from_regex(r"[1-9][0-9]{4,8}", fullmatch=True), st.sampled_from(REGIONS))
def test_digits_without_a_prefix_for_abroad_stay_at_home(digits: str, region: str) -> None:
    assert found(digits, region).startswith((f"+{phonenumbers.country_code_for_region(region)}", "none"))


def test_numbers_of_every_region_come_back_from_each_of_their_writings() -> None:
    for region, number in ((home, number) for home in REGIONS for number in examples(home)):
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        abroad = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        assert phone(written, region) == phone(abroad, "UA") == phone(e164, "") == e164
        assert phone(phone_for_people(e164), region) == e164


@given(st.from_regex(r"(\+[1-9]|0|1|8|38|380|49)?[0-9]{6,11}", fullmatch=True), st.sampled_from(REGIONS))
def test_the_quick_way_finds_what_the_library_finds(digits: str, region: str) -> None:
    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return
    is_abroad = digits[0] != "+" and parsed.country_code != phonenumbers.country_code_for_region(region)
    if phonenumbers.is_valid_number(parsed) and not is_abroad:
        assert phone(digits, region) == phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    ("written", "region", "code"),
    [
        ("0671234567", "", "phone_region"),
        ("380671234567", "", "phone_region"),
        ("0671234567", "XX", "phone_region"),
        ("12345", "UA", "phone"),
        ("+380 67 123 45 6", "UA", "phone"),
        ("+999 123 456 789", "UA", "phone"),
        ("+000000000", "UA", "phone"),
        ("0000000000", "UA", "phone"),
        ("80671234567", "UA", "phone"),
        ("380671234567", "PL", "phone"),
        ("067 123 45 FOO", "UA", "phone"),
        ("067 123 45 67²", "UA", "phone"),
        ("1-800-FLOWERS", "US", "phone"),
        ("067+1234567", "UA", "phone"),
        ("none", "UA", "phone"),
        ("+380 44 123 45 67 ext. 12", "UA", "phone_extension"),
        ("044 123 45 67 доб. 12", "UA", "phone_extension"),
        ("tel:+380441234567;ext=12", "UA", "phone_extension"),
        ("212-555-0123 x12", "US", "phone_extension"),
        ("0671234567, 0501234567", "UA", "phone_many"),
        ("0671234567 або 0501234567", "UA", "phone_many"),
        ("+380671234567 ::: +380501234567", "UA", "phone_many"),
        ("+380671234567 +380501234567", "UA", "phone_many"),
        ("3.80671E+11", "UA", "phone_spreadsheet"),
        ("3,80671E+11", "UA", "phone_spreadsheet"),
        ("1" * 200, "UA", "phone_long"),
    ],
)
def test_what_cannot_be_dialled_is_refused_with_its_reason(written: str, region: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        phone(written, region)
    assert caught.value.code == code


def test_a_refused_national_number_tells_in_which_country_it_was_looked_for() -> None:
    with pytest.raises(Invalid, match=r"12345.*Ukraine.*begin with \+"):
        phone("12345", "UA")


def test_people_see_the_spaces_of_the_numbers_country() -> None:
    assert phone_for_people("+380671234567") == "+380 67 123 4567"
    assert phone_for_people("+442079460958") == "+44 20 7946 0958"
    assert phone_for_people("nothing") == "nothing"
