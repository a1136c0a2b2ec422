"""What holds for every normal form."""

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contacts import identity

# Every form as text → text, so that what comes out can be read again.
FORMS: dict[str, Callable[[str], str]] = {
    "email": identity.email,
    "phone, Ukraine": lambda text: identity.phone(text, "UA"),
    "phone, Germany": lambda text: identity.phone(text, "DE"),
    "phone, nowhere": lambda text: identity.phone(text, ""),
    "user_id": identity.user_id,
    "name": identity.name,
    "birthday": lambda text: identity.birthday(text).isoformat(),
    "calendar_date": lambda text: identity.calendar_date(text, "mdy").isoformat(),
    "gender": lambda text: str(identity.gender(text)),
    "language": identity.language,
    "timezone": identity.timezone,
    "avatar_url": identity.avatar_url,
    "string": identity.string,
    "number": lambda text: str(identity.number(text)),
    "boolean": lambda text: str(identity.boolean(text)),
}
HOSTILE = [
    "",
    " \t\n",
    "\x00",
    "\ud800",
    "\u202e\u2066",
    "\u200b\ufeff",
    "Ｆｕｌｌ　ｗｉｄｔｈ",
    "%(value)s %s %",
    "a" * 10_000_000,
    "1 " * 5_000_000,
    "a.@" * 3_000_000,
    "=" + "9" * 5_000,
]
PIECES = (
    "@ . .. - -- xn-- olga UA ua пр клад com de ß İ ﬁ + 00 0 380 50 1234567 ( ) x : / , ; < > mailto: tel: https:// ?",
    "# 19 1990 2024 12 31 T10:00 Z UTC e E 1 000 ' _ \u0301 \u200b \u202a \ufeff \x00 \ud800 ١ ９ ＠",
)
FRAGMENTS = st.sampled_from([" ", "\u00a0", "\u3000", *(piece for row in PIECES for piece in row.split())])
TEXTS = st.text(st.characters(codec=None)) | st.lists(FRAGMENTS, max_size=8).map("".join)


def read(form: str, text: str) -> tuple[str, identity.Invalid | None]:
    try:
        return FORMS[form](text), None
    except identity.Invalid as refusal:
        return "", refusal


@pytest.mark.parametrize("form", FORMS)
@given(text=TEXTS)
def test_any_text_is_a_normal_value_or_is_refused(form: str, text: str) -> None:
    normal, refusal = read(form, text)
    if refusal is None:
        assert FORMS[form](normal) == normal
        assert b"\x00" not in normal.encode()
    else:
        assert re.fullmatch(r"[a-z_]+", refusal.code)
        assert str(refusal).encode()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused_cleanly_and_shown_in_a_short_sentence(form: str, text: str) -> None:
    normal, refusal = read(form, text)
    if refusal is None:
        assert form in ("user_id", "name", "string")
        assert FORMS[form](normal) == normal
    else:
        assert len(str(refusal)) < 200


def test_a_refusal_is_counted_by_its_code_and_told_in_words() -> None:
    with pytest.raises(identity.Invalid) as caught:
        identity.email("olga@")
    assert caught.value.code == "email"
    assert str(caught.value) == "“olga@” is not an email address"


def test_a_refusal_shows_what_was_written_on_one_line_and_in_one_direction() -> None:
    assert str(identity.Invalid("x", "“%(value)s” is wrong", "a\nb\u202ec\x00")) == "“a�b�c�” is wrong"
    assert str(identity.Invalid("x", "“%(value)s”", "👩‍👧")) == "“👩‍👧”"
    assert str(identity.Invalid("x", "%(value)s", "a" * 100)) == "a" * 59 + "…"
    assert str(identity.Invalid("x", "%(value)s", "100 %")) == "100 %"


class TestIdentifiers:
    """What a text in the search box may be."""

    def test_every_reading_is_offered_the_cheapest_first(self) -> None:
        assert identity.identifiers(" 067 123 45 67 ", "UA") == [
            ("user_id", "067 123 45 67"),
            ("phone", "+380671234567"),
        ]
        assert identity.identifiers("Olga@Example.com", "UA") == [
            ("user_id", "Olga@Example.com"),
            ("email", "olga@example.com"),
        ]

    def test_a_name_is_only_a_possible_id(self) -> None:
        assert identity.identifiers("Olga", "UA") == [("user_id", "Olga")]

    @pytest.mark.parametrize("text", ["", "  ", "\u200b", "\x00"])
    def test_nothing_is_nobody(self, text: str) -> None:
        assert identity.identifiers(text, "UA") == []

    @given(text=TEXTS)
    @example("501234567")
    def test_any_text_is_answered(self, text: str) -> None:
        kinds = [kind for kind, _value in identity.identifiers(text, "UA")]
        assert kinds == [kind for kind in ("user_id", "email", "phone") if kind in kinds]
