"""What a note may hold, and how its characters are counted."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from contacts.identity import Invalid
from notes.text import MOST_CHARACTERS, MOST_CODE_POINTS, characters, note_text
from tests.odd_strings import COUNT, odd_strings

# One character each, of one to eleven code points.
ONE = {
    "letter": "я",
    "family": "👨‍👩‍👧‍👦",
    "family with skins": "👨🏿‍👩🏽‍👧🏻‍👦🏿",
    "kiss": "👩🏽‍❤️‍💋‍👨🏿",
    "flag": "🇺🇦",
    "flag of a region": "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "keycap": "1️⃣",
    "letter with a mark": "e\u0301",
    "letter with many marks": "a\u0301\u0302\u0303\u0304\u0305",
    "hebrew with points": "שּׁ",
    "arabic with a vowel": "مُ",
    "conjunct": "क्ष",
    "hangul": "\u1112\u1161\u11ab",
    "thai": "น้ำ",
    "line break": "\r\n",
}
each_character = pytest.mark.parametrize("character", ONE.values(), ids=ONE)


def refusal(text: str) -> Invalid:
    with pytest.raises(Invalid) as caught:
        note_text(text)
    return caught.value


@each_character
def test_what_people_see_as_one_character_is_one(character: str) -> None:
    assert characters(character) == 1
    assert characters(f"a{character}b") == 3


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("🇺🇦🇬🇪", 2), ("🇺🇦🇬", 2), ("👨 ‍👩", 3), ("हिन्दी", 2), ("a\n\nb", 4), ("\u202eabc\u202c", 5)],
)
def test_others_are_counted_one_by_one(text: str, count: int) -> None:
    assert characters(text) == count


@pytest.mark.parametrize("text", ["्क", "ी्त", "a्क", "\u093c\u094d\u0928"])
def test_a_virama_without_its_consonant_joins_nothing(text: str) -> None:
    """GB9c of UAX #29; `\\X` alone sees one character too few."""
    assert characters(text) == len(regex.findall(r"\X", text)) + 1


@given(st.text(), st.text())
def test_no_text_has_more_characters_than_code_points_and_a_line_break_parts_any_two(one: str, other: str) -> None:
    assert 0 <= characters(one) <= len(one)
    one, other = one.rstrip("\r"), other.lstrip("\n")
    assert characters(f"{one}\n{other}") == characters(one) + 1 + characters(other)


class TestLimit:
    @each_character
    def test_is_500_characters_as_people_count(self, character: str) -> None:
        as_kept = character.replace("\r\n", "\n")
        visible = "x" if character == "\r\n" else character
        for count in (MOST_CHARACTERS - 1, MOST_CHARACTERS):
            assert note_text(character * (count - 1) + visible) == as_kept * (count - 1) + visible
        beyond = refusal(character * MOST_CHARACTERS + visible)
        assert beyond.code == "note_long"
        assert str(beyond) == "A note can have 500 characters, this one has 501."

    def test_a_character_is_not_of_any_size(self) -> None:
        largest = "a" + "\u0301" * (MOST_CODE_POINTS - 1)
        assert characters(largest) == 1
        assert note_text(largest) == largest
        beyond = refusal(largest + "\u0301")
        assert beyond.code == "note_long"
        assert "8000 characters with all their parts (code points), this one has 8001" in str(beyond)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_breaks_are_kept_as_one_kind(end: str) -> None:
    assert note_text(f"{end}one{end}{end}two{end}") == "\none\n\ntwo\n"


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "\u200b\u2060", "\u00ad", "\u3000\u00a0", "\u2800", "\u202e", "\ufe0f"]
)
def test_what_nobody_would_see_is_no_note(text: str) -> None:
    assert refusal(text).code == "note_blank"


@pytest.mark.parametrize("text", [".", "🙂", "\U0001fae9", "؀", "\ufffd", "  x  "])
def test_a_single_sign_is_one(text: str) -> None:
    assert note_text(text) == text


@pytest.mark.parametrize("text", ["\0", "a\0b"])
def test_a_null_character_is_refused_with_a_reason(text: str) -> None:
    assert refusal(text).code == "note_null"
    assert "null character" in str(refusal(text))


@pytest.mark.parametrize("text", ["\ud800", "a\udc00b", "\udc00\ud800"])
def test_half_a_character_is_refused_with_a_reason(text: str) -> None:
    assert refusal(text).code == "note_half"
    assert "half of a character" in str(refusal(text))


def test_odd_strings_are_as_many_as_they_say_and_of_every_kind() -> None:
    strings = odd_strings()
    assert len(set(strings)) == len(strings) == COUNT == 500
    assert strings == odd_strings()
    assert max(map(characters, strings)) <= 150
    for kind in ("👨", "\u202e", "\u200b", "\0", "'", '"', "{{", "<script>", "שלום", "\r\n", "%s", "\u0308", "\u094d"):
        assert sum(kind in text for text in strings) > 3, kind


def test_odd_strings_are_kept_exactly_or_refused() -> None:
    codes = set()
    for text in odd_strings():
        try:
            assert note_text(text) == text.replace("\r\n", "\n").replace("\r", "\n")
        except Invalid as reason:
            codes.add(reason.code)
    assert codes == {"note_null", "note_blank"}
