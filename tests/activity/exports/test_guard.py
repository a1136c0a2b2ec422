"""No cell is a formula, and none is lost for that."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity.exports.guard import guard, guard_quoted, guarded_rows, unguard
from activity.exports.lines import row_of, rows_of
from tests.odd_strings import odd_strings

TEXTS = st.text(alphabet="'=+-@\t\r\n＝＠\",;0123456789.aЖ ", max_size=12)


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''@x"]
)
def test_what_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guard(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+380671234567", "-12.5", "+7", "O'Brien", "'tis", "1=1", "", "a@example.com", "'"])
def test_everything_else_stays_exact_numbers_too(text: str) -> None:
    assert guard(text) == unguard(text) == text


@given(TEXTS)
def test_the_way_back_leads_to_the_same_text(text: str) -> None:
    assert unguard(guard(text)) == unguard(guard_quoted(text)) == text


def test_so_it_does_from_odd_strings() -> None:
    assert [unguard(guard(text)) for text in odd_strings()] == odd_strings()


@given(st.lists(TEXTS, min_size=2, max_size=6))
def test_a_row_as_copy_writes_it_is_guarded_cell_by_cell(cells: list[str]) -> None:
    guarded = guarded_rows([b"first,row\n", row_of(cells).encode(), b"+7,-1.5\n"]).decode()

    expected = [["first", "row"], [guard(cell) for cell in cells], ["+7", "-1.5"]]
    assert list(rows_of(io.StringIO(guarded, newline="\n"))) == expected


def test_harmless_rows_stay_as_they_are() -> None:
    row = b'2026-11-25 12:00:00,Email,"Kyiv, women",+380671234567,-5,,"said ""no"""\n'
    assert guarded_rows([row, row]) == row + row
