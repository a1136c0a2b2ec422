from typing import Any

import pytest

from contacts.imports import parsing
from contacts.imports.mapping import Column, Mapping
from contacts.imports.parsing import Chunk, RowParser
from contacts.imports.reading import Row


def parser(*targets: str, variables: dict[str, str] | None = None, **options: Any) -> RowParser:
    columns = [Column(n, target, target=target) for n, target in enumerate(targets)]
    columns += [
        Column(len(targets) + n, name, variable=name, type=kind)
        for n, (name, kind) in enumerate((variables or {}).items())
    ]
    mapping = Mapping(width=len(columns), columns=columns, **options)
    return RowParser(mapping, region="UA", sources={"fair": 7})


def chunks(row_parser: RowParser, *rows: list[str]) -> list[Chunk]:
    return list(row_parser.chunks(Row(number, cells) for number, cells in enumerate(rows, 2)))


def line(row_parser: RowParser, *cells: str) -> list[str]:
    """The one line that a row becomes, without its number."""
    (chunk,) = chunks(row_parser, list(cells))
    assert chunk.refusals == []
    (copied,) = chunk.lines
    return copied.decode().removesuffix("\n").split("\t")[1:]


def refusal(row_parser: RowParser, *cells: str) -> tuple[str, str]:
    (chunk,) = chunks(row_parser, list(cells))
    (found,) = chunk.refusals
    assert chunk.lines == []
    return found.code, found.reason


def test_values_come_in_normal_form() -> None:
    read = parser("userId", "email", "phoneNumber", "gender", "birthday", "language", "source", "timezone")
    cells = (" 0042 ", "Olga@Example.COM", "050 123-45-67", "female", "24.08.1991", "Ukrainian", "FAIR", "europe/kyiv")
    assert line(read, *cells)[:-1] == [
        "0042", "olga@example.com", "+380501234567", "2", "1991-08-24", "uk", "7", "Europe/Kyiv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "text", "json"),
    [
        ("string", "00123", '"00123"'),
        ("string", "12345678901234567890", '"12345678901234567890"'),
        ("string", "1e3", '"1e3"'),
        ("number", "1e3", "1000"),
        ("number", "12345678901234567890", "12345678901234567890"),
        ("number", "0.1", "0.1"),
        ("boolean", "так", "true"),
        ("date", "2026-01-31", '"2026-01-31"'),
    ],
)
def test_variables_stay_as_written_unless_their_type_says_otherwise(type_: str, text: str, json: str) -> None:
    assert line(parser("userId", variables={"v": type_}), "u1", text)[-1] == f'{{"v":{json}}}'


def test_blank_cells_say_nothing() -> None:
    assert line(parser("userId", "email", "firstName", variables={"city": "string"}), "u1", " ", "", "") == [
        "u1", "\\N", "\\N", "{}",
    ]  # fmt: skip


def test_full_name_is_split_at_its_first_space() -> None:
    assert line(parser("userId", "fullName"), "u1", "Ana de la Cruz")[1:3] == ["Ana", "de la Cruz"]
    assert line(parser("userId", "fullName"), "u1", "Madonna")[1:3] == ["Madonna", "\\N"]


def test_of_several_addresses_in_a_google_cell_the_first_counts() -> None:
    cells = ("a@example.com ::: b@example.com", "+380501234567 ::: +380671234567")
    assert line(parser("email", "phoneNumber"), *cells)[:2] == ["a@example.com", "+380501234567"]


@pytest.mark.parametrize(
    ("cells", "code", "reason"),
    [
        (("olga@", "u1"), "email", "email: “olga@”"),
        (("", ""), "no_identifier", "no ID, email or phone number"),
        (("a@example.com",), "too_short", "1 cells instead of 2"),
        (("a@example.com", "u1", "x"), "too_long", "3 cells instead of 2"),
        (("a@example.com", "u\udc981"), "encoding", "bytes that do not belong"),
        (("a@example.com", "u\0"), "user_id_control", "userId: "),
    ],
)
def test_a_bad_row_is_refused_with_a_reason(cells: tuple[str, ...], code: str, reason: str) -> None:
    found = refusal(parser("email", "userId"), *cells)
    assert found[0] == code
    assert reason in found[1]


def test_an_unknown_source_refuses_the_row() -> None:
    assert refusal(parser("userId", "source"), "u1", "Moon") == (
        "source",
        "source: “Moon” is not registered in Components",
    )


def test_a_national_number_is_read_in_the_region_and_never_in_another() -> None:
    read = parser("phoneNumber")
    assert line(read, "0501234567")[0] == "+380501234567"
    assert line(read, "501234567")[0] == "+380501234567"
    (chunk,) = chunks(read, ["14155550132"], ["80671234567"])
    assert [r.code for r in chunk.refusals] == ["phone", "phone"]


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    row = ("u-1", "no email", "soon", "many")
    code, reason = refusal(parser("userId", "email", "birthday", variables={"size": "number"}), *row)
    assert code == "email"
    columns = [fault.partition(":")[0] for fault in reason.split("; ")]
    assert columns == ["email", "birthday", "size"]


def test_only_the_bad_row_is_refused() -> None:
    (chunk,) = chunks(parser("email"), ["a@example.com"], ["nonsense"], ["b@example.com"])
    assert [copied.split(b"\t")[:2] for copied in chunk.lines] == [[b"2", b"a@example.com"], [b"4", b"b@example.com"]]
    assert [r.row.number for r in chunk.refusals] == [3]


def test_the_first_chunks_are_small_and_always_cut_at_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "FIRST_ROWS", 2)
    monkeypatch.setattr(parsing, "MOST_ROWS", 5)
    rows = [[f"u{n}"] for n in range(20)]
    cut = chunks(parser("userId"), *rows)
    assert [chunk.seen for chunk in cut] == [2, 4, 5, 5, 4]
    after = cut[1].last_row
    rest = list(
        parser("userId").chunks((Row(n, row) for n, row in enumerate(rows, 2) if n > after), first=cut[1].number + 1)
    )
    assert [(chunk.number, chunk.lines) for chunk in rest] == [(chunk.number, chunk.lines) for chunk in cut[2:]]


def test_rows_that_wait_for_one_another_are_few_in_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_DEPENDENT_ROWS", 3)
    rows = [[f"u{n}", "+380501234567"] for n in range(9)]
    assert [chunk.seen for chunk in chunks(parser("userId", "phoneNumber"), *rows)] == [4, 4, 1]


def test_huge_cells_end_a_chunk_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_CHARACTERS", 100)
    rows = [[f"u{n}", "x" * 60] for n in range(4)]
    assert [chunk.seen for chunk in chunks(parser("userId", variables={"v": "string"}), *rows)] == [2, 2]
