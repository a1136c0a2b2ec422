"""Names, the customer's ID, links, and values of variables."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.identity import Invalid, avatar_url, name, number, string, user_id


def refusal(call: str, text: str) -> str:
    functions = {"name": name, "user_id": user_id, "avatar_url": avatar_url, "string": string, "number": number}
    with pytest.raises(Invalid) as caught:
        functions[call](text)
    return caught.value.code


class TestName:
    @pytest.mark.parametrize(
        "written", ["Ольга", "O'Neil", "José María", "محمد", "李小龍", "👩‍👩‍👧 family", "Ab\u200dc", "X Æ A-12", "1"]
    )
    def test_any_persons_name_stays_as_it_is(self, written: str) -> None:
        assert name(written) == written

    def test_blanks_around_go_and_those_within_are_single(self) -> None:
        assert name("  Anna \t Maria\n\xa0\u200b") == "Anna Maria"

    def test_two_codings_of_one_letter_are_one(self) -> None:
        assert name("Andre\u0301") == name("Andr\u00e9") == "Andr\u00e9"

    def test_its_length_is_that_of_its_normal_form(self) -> None:
        assert name("e\u0301" * 150) == "\u00e9" * 150
        assert refusal("name", "a" * 151) == "name_long"

    @pytest.mark.parametrize("written", ["Ol\x00ga", "\x1bOlga", "a\x7fb", "a\ud800"])
    def test_control_characters_are_refused(self, written: str) -> None:
        assert refusal("name", written) == "name_control"


class TestUserId:
    @pytest.mark.parametrize(
        "written", ["00123", "1e3", "A-1", "olga@example.com", "12345678901234567890", "id 7", "Ід"]
    )
    def test_it_stays_as_given(self, written: str) -> None:
        assert user_id(written) == user_id(f" {written}\n") == written

    def test_capitals_and_codings_are_the_customers_own_business(self) -> None:
        assert user_id("AbC") == "AbC"
        assert user_id("e\u0301") == "e\u0301"

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("x" * 256, "user_id_long"),
            ("a\tb", "user_id_control"),
            ("a\x00b", "user_id_control"),
            ("a\u2028b", "user_id_control"),
            ("\ud800", "user_id_control"),
            ("\u200b", "blank"),
            ("\u3164", "blank"),
            ("\u2800\u034f", "blank"),
        ],
    )
    def test_what_nobody_could_see_or_type_is_refused(self, written: str, code: str) -> None:
        assert refusal("user_id", written) == code


class TestAvatarUrl:
    @pytest.mark.parametrize(
        ("written", "normal"),
        [
            ("https://example.com/a.jpg", "https://example.com/a.jpg"),
            ("HTTPS://Example.COM/A.jpg?b=C#d", "https://example.com/A.jpg?b=C#d"),
            ("https://приклад.укр/фото.jpg", "https://xn--80aikifvh.xn--j1amh/фото.jpg"),
            ("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"),
            ("//example.com/a.jpg", "https://example.com/a.jpg"),
            ("img.example.com/g/06c3.jpg", "https://img.example.com/g/06c3.jpg"),
        ],
    )
    def test_a_link_keeps_its_path_and_has_a_plain_host(self, written: str, normal: str) -> None:
        assert avatar_url(written) == normal

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("http://example.com/a.jpg", "avatar_https"),
            ("javascript:alert(1)//", "avatar_https"),
            ("data:image/png;base64,AAAA/", "avatar_https"),
            ("photo.jpg", "avatar_https"),
            ("https:///a.jpg", "avatar"),
            ("https://", "avatar"),
            ("https://exa mple.com/", "avatar"),
            ("https://example.com/a\x00", "avatar"),
            ("https://example.com\\@evil.example/", "avatar"),
            ('https://example.com/"><script>', "avatar"),
            ("https://[::1/", "avatar"),
            ("https://example.com:99999/", "avatar"),
            ("https://user@example.com/", "avatar_credentials"),
            ("https://user:secret@example.com/", "avatar_credentials"),
            ("https://example.com/" + "a" * 2000, "avatar_long"),
        ],
    )
    def test_any_other_link_is_refused(self, written: str, code: str) -> None:
        assert refusal("avatar_url", written) == code

    def test_a_password_is_not_repeated_in_the_reason(self) -> None:
        with pytest.raises(Invalid) as caught:
            avatar_url("https://user:secret@example.com/")
        assert "secret" not in str(caught.value)


class TestString:
    @pytest.mark.parametrize("written", ["00123", " a ", "1e3", "", "line\nline\t", "\u202e", "x" * 4000])
    def test_it_is_exactly_what_was_written(self, written: str) -> None:
        assert string(written) == written

    def test_what_the_database_cannot_hold_is_refused(self) -> None:
        assert refusal("string", "a\x00") == "string_character"
        assert refusal("string", "\ud800") == "string_character"
        assert refusal("string", "x" * 4001) == "string_long"


class TestNumber:
    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ("42", "42"),
            ("-0.50", "-0.5"),
            ("−5", "-5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("2.5E-3", "0.0025"),
            ("1.234", "1.234"),
            ("3,5", "3.5"),
            ("0,125", "0.125"),
            ("1234,567", "1234.567"),
            ("1,234.56", "1234.56"),
            ("1.234,56", "1234.56"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("1 234,567", "1234.567"),
            ("1\u202f234\u202f567,8", "1234567.8"),
            ("1'234.5", "1234.5"),
            ("12345678901234567890", "12345678901234567890"),
            ("9" * 40, "9" * 40),
            ("-0", "0"),
            ("0e999999", "0"),
        ],
    )
    def test_numbers_are_read_to_the_last_digit(self, written: str, value: str) -> None:
        assert number(written) == Decimal(value)
        assert f"{number(written):f}" == value

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("1,234", "number_ambiguous"),
            ("-12,345", "number_ambiguous"),
            ("NaN", "number"),
            ("Infinity", "number"),
            ("1_000", "number"),
            ("12,34,567", "number"),
            ("1 23", "number"),
            ("1,234.567.8", "number"),
            ("0x10", "number"),
            ("$5", "number"),
            ("five", "number"),
            ("9" * 41, "number_size"),
            ("1e999999", "number_size"),
            ("1e-999999", "number_size"),
            ("1e99999999999", "number"),
        ],
    )
    def test_what_is_no_number_or_could_be_two_is_refused(self, written: str, code: str) -> None:
        assert refusal("number", written) == code

    def test_the_reason_for_an_ambiguous_one_shows_both_readings(self) -> None:
        with pytest.raises(Invalid, match=r"write 1234 or 1\.234"):
            number("1,234")

    @given(st.decimals(min_value=-(10**18), max_value=10**18, places=12))
    def test_any_decimal_comes_back_the_same(self, value: Decimal) -> None:
        assert number(str(value)) == number(f"{value:f}".replace(".", ",")) == value
        grouped = f"{value:,f}"
        assert number(grouped) == number(grouped.replace(",", " ")) == value
