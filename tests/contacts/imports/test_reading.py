"""Rows, and their numbers."""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.imports.formats import Format
from contacts.imports.lines import MOST_CHARACTERS
from contacts.imports.reading import Row, read


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def rows(path: Path, content: bytes | str, *, after: int = 0, **form: Any) -> list[Row]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read(path, Format(**form), after=after))


def cells(path: Path, content: bytes | str, **options: Any) -> list[tuple[int, list[str]]]:
    found = rows(path, content, **options)
    assert not any(row.broken for row in found)
    return [(row.number, row.cells) for row in found]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_a_spreadsheet_does_the_header_is_the_first(end: str, path: Path) -> None:
    content = end.join(["email,name", "a@example.com,A", "b@example.com,B", ""])
    assert cells(path, content) == [(2, ["a@example.com", "A"]), (3, ["b@example.com", "B"])]
    assert cells(path, content, header=False)[0] == (1, ["email", "name"])


def test_blank_rows_are_left_out_but_counted(path: Path) -> None:
    content = "\n,\nemail,name\n\n,\na,A\n\n\nb,B"
    assert cells(path, content) == [(6, ["a", "A"]), (9, ["b", "B"])]
    assert cells(path, content, header=False) == [(3, ["email", "name"]), (6, ["a", "A"]), (9, ["b", "B"])]


def test_rows_of_any_width_come_as_they_are(path: Path) -> None:
    assert cells(path, "a,b\n1\n1,2,3\n1,2\n") == [(2, ["1"]), (3, ["1", "2", "3"]), (4, ["1", "2"])]


def test_a_cell_may_hold_lines_quotes_and_delimiters(path: Path) -> None:
    content = 'email,note\na,"one\ntwo, and ""three"""\nb,"\r\n"\n\'c\',d"e\n'
    assert cells(path, content) == [(2, ["a", 'one\ntwo, and "three"']), (3, ["b", "\r\n"]), (4, ["'c'", 'd"e'])]


def test_quotes_are_those_of_the_format(path: Path) -> None:
    content = "email;note\na;'one; two'\nb;\"x\"\n"
    assert cells(path, content, delimiter=";", quote="'") == [(2, ["a", "one; two"]), (3, ["b", '"x"'])]
    assert cells(path, content, delimiter=";", quote="") == [(2, ["a", "'one", " two'"]), (3, ["b", '"x"'])]


@pytest.mark.parametrize(
    "open_row",
    ['a,"A', '"a,A', 'a,"A""', '"'],
)
@pytest.mark.parametrize("behind", [1, 3, 2000])
def test_a_quote_left_open_costs_its_own_row_alone(open_row: str, behind: int, path: Path) -> None:
    lines = ["email,note", "first,1", open_row, *(f"{number},x" for number in range(behind))]
    found = rows(path, "\n".join(lines) + "\n")
    assert [row.number for row in found if row.broken] == [3]
    assert [row.cells for row in found] == [[line] if line == open_row else line.split(",") for line in lines[1:]]
    assert [row.number for row in found] == list(range(2, len(lines) + 1))


def test_quotes_left_open_in_many_rows_cost_just_those(path: Path) -> None:
    found = rows(path, "email,note\n" + 'a,"x\nb,"y" z"\nc,w\n' * 100)
    assert [row.number for row in found] == list(range(2, 302))
    assert [row.broken for row in found] == [True, False, False] * 100
    assert found[-1].cells == ["c", "w"]


def test_a_cell_longer_than_any_real_one_breaks_its_row_alone(path: Path) -> None:
    for quote in ('"', ""):
        content = f"email,note\na,{quote}{'x' * (MOST_CHARACTERS + 1)}{quote}\nb,B\n"
        broken, whole = rows(path, content)
        assert (broken.number, broken.broken) == (2, True)
        assert whole == Row(3, ["b", "B"])


def test_bytes_of_another_encoding_are_marked_in_their_row_alone(path: Path) -> None:
    content = b"email,name\na," + "Київ".encode("cp1251") + "\nb,Львів\n".encode()
    first, second = rows(path, content)
    assert any("\ud800" <= char <= "\udfff" for char in first.cells[1])
    assert second.cells == ["b", "Львів"]


@pytest.mark.parametrize("damage", [b"\x00", b"x", b"\x00\xd8", b"\x00\xdc\x00\xdc"])
def test_half_a_character_of_utf16_is_marked_too(damage: bytes, path: Path) -> None:
    found = rows(path, "\ufeffemail,name\na,b\nc,d".encode("utf-16-le") + damage, encoding="utf-16")
    assert found[0] == Row(2, ["a", "b"])
    assert "\udcff" in found[1].cells[1]


def test_a_byte_order_mark_is_no_part_of_the_first_cell(path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert cells(path, "a,b".encode(encoding), encoding=encoding, header=False) == [(1, ["a", "b"])]


def test_utf16_without_its_mark_can_be_read(path: Path) -> None:
    assert cells(path, "a,ї".encode("utf-16-le"), encoding="utf-16", header=False) == [(1, ["a", "ї"])]
    assert rows(path, b"a,b", encoding="utf-16", header=False), "in a wrong way, but read"


def test_zeros_are_characters_like_others(path: Path) -> None:
    assert cells(path, "email,name\na\0b,c\n") == [(2, ["a\0b", "c"])]


ROWS = st.lists(st.sampled_from(["a,b", '"a\nb",c', '"open', "", ",", "x", '1,2,"3"', 'a,"b" c', "ї,я"]), max_size=12)


@given(ROWS, st.booleans(), st.integers(0, 14))
def test_reading_goes_on_behind_any_row_as_if_it_had_never_stopped(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], header: bool, after: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "resumed.csv"
    whole = rows(path, "\n".join(lines), header=header)
    assert rows(path, "\n".join(lines), header=header, after=after) == [row for row in whole if row.number > after]
    assert [row.number for row in whole] == sorted({row.number for row in whole})


@given(st.lists(st.lists(st.text(max_size=20), min_size=1), max_size=8))
def test_what_csv_has_written_comes_back(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]) -> None:
    path = tmp_path_factory.getbasetemp() / "round.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    expected = [(number, row) for number, row in enumerate(table, 1) if any(row)]
    found = [(row.number, row.cells) for row in read(path, Format(header=False)) if not row.broken]
    assert found == expected
