"""The file of refused rows: to be mended and imported again."""

import csv
from pathlib import Path

import pytest

from contacts.identity import Invalid
from contacts.imports import parsing
from contacts.imports.columns import REFUSAL_COLUMNS, is_ignored
from contacts.imports.formats import Format, detect, survey
from contacts.imports.forms import column_choices
from contacts.imports.lines import MOST_CHARACTERS
from contacts.imports.parsing import Refusal
from contacts.imports.reading import Row, read
from contacts.imports.refusals import LABELS, RefusedRows, label_of

HEADER = ["email", "name", "note"]


@pytest.fixture
def refused(tmp_path: Path) -> RefusedRows:
    return RefusedRows(tmp_path)


def refusal(number: int, *cells: str, reason: str = "no", broken: bool = False) -> Refusal:
    return Refusal(Row(number, list(cells), broken), "email", reason)


def written(refused: RefusedRows) -> list[list[str]]:
    with refused.file.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_it_has_the_original_columns_and_behind_them_row_number_and_reason(refused: RefusedRows) -> None:
    refused.write(0, [refusal(2, "a@", "Київ", 'one\n"two"', reason="“a@” is not an email address")], width=3)
    refused.write(1, [refusal(1005, "b@", "", "")], width=3)
    refused.join(HEADER)
    assert written(refused) == [
        [*HEADER, *REFUSAL_COLUMNS],
        ["a@", "Київ", 'one\n"two"', "2", "“a@” is not an email address"],
        ["b@", "", "", "1005", "no"],
    ]


def test_rows_of_another_width_have_number_and_reason_where_they_belong(refused: RefusedRows) -> None:
    refused.write(0, [refusal(2, "a"), refusal(3, "a", "b", "c", "d"), refusal(4, 'a,"b', broken=True)], width=3)
    refused.join(HEADER)
    assert written(refused)[1:] == [["a", "", "", "2", "no"], ["a", "b", "c", "d", "3", "no"], ['a,"b', "4", "no"]]
    assert refused.first(9) == [("2", "no", ["a", "", ""]), ("3", "no", ["a", "b", "c", "d"]), ("4", "no", ['a,"b'])]


def test_a_chunk_done_again_replaces_its_part(refused: RefusedRows) -> None:
    refused.write(0, [refusal(2, "a"), refusal(3, "b")], width=1)
    refused.write(1, [refusal(9, "z")], width=1)
    refused.write(0, [refusal(2, "a")], width=1)
    refused.join(["email"])
    refused.join(["email"])
    assert [row[0] for row in written(refused)] == ["email", "a", "z"]


def test_a_new_beginning_forgets_all(refused: RefusedRows) -> None:
    refused.clear()
    refused.write(0, [refusal(2, "a")], width=1)
    refused.join(["email"])
    refused.clear()
    assert refused.first(5) == []
    refused.join(["email"])
    assert refused.first(5) == []


def test_only_the_first_are_shown(refused: RefusedRows) -> None:
    refused.write(0, [refusal(number, "a") for number in range(2, 100)], width=1)
    refused.join(["email"])
    assert [number for number, _reason, _cells in refused.first(3)] == ["2", "3", "4"]


def test_any_row_can_be_kept_and_shown(refused: RefusedRows) -> None:
    rows = [
        refusal(2, "\udcff\ud800", "x"),
        refusal(3, "x" * MOST_CHARACTERS),
        refusal(4, '"' * MOST_CHARACTERS),
        refusal(5, "\0", "\r\n"),
    ]
    refused.write(0, rows, width=1)
    refused.join(["email"])
    assert [number for number, _reason, _cells in refused.first(9)] == ["2", "3", "4", "5"]


def test_it_can_be_imported_again_with_its_own_columns_left_out(refused: RefusedRows) -> None:
    refused.write(0, [refusal(7, "olga@", "Ольга", ""), refusal(9, "ivan@", "Іван", "x, y")], width=3)
    refused.join(HEADER)

    form = detect(refused.file, survey(refused.file))
    assert form == Format()
    assert [row.cells[:3] for row in read(refused.file, form)] == [["olga@", "Ольга", ""], ["ivan@", "Іван", "x, y"]]
    names = [choice.header for choice in column_choices([written(refused)[0]], form)]
    assert [name for name in names if not is_ignored(name)] == HEADER


def test_every_reason_is_counted_under_words() -> None:
    codes = {"name_long", "email_long", "avatar_long", "string_long"}
    assert {label_of(code) for code in codes} == {"Longer than what can be kept"}
    assert label_of("too_long") == "Too many cells"
    assert label_of("encoding") == "Bytes of another encoding"
    assert label_of("unheard_of") == "unheard_of"


def test_every_reason_that_a_value_can_be_refused_for_has_words() -> None:
    """Tried with values of every target that are wrong in many ways."""
    readers = parsing.readers_of("", region="", sources={})
    wrong = [
        "\0", "x" * 5000, "a@b", "a@b.c, d@e.f", "12", "+1 2", "0671234567", "067 123 45 67 ext 5", "1,2e+11",
        "05/06/1990", "1850-01-01", "2999-01-01", "32.13.1990", "5 May", "ua", "xx", "maybe", "+99:00", "Mars",
        "http://example.com/a.png", "https://a:b@example.com/a.png", "ftp://x", "+380671234567, +380671234568",
    ]  # fmt: skip
    codes = set()
    for read_value in readers.values():
        for text in wrong:
            try:
                read_value(text)
            except Invalid as error:
                codes.add(error.code)
    assert {code for code in codes if label_of(code) == code} <= {"blank"}
    assert codes & LABELS.keys()
