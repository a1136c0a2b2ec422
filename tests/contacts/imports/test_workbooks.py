"""Excel workbooks."""

import csv
import datetime
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from activity.transfers import Cancelled, Refused
from contacts.imports import workbooks
from contacts.imports.sheet_to_csv import DONE, EMPTY, UNREADABLE, as_typed, convert
from contacts.imports.workbooks import is_workbook, refuse_bombs, to_csv

Fill = Callable[[Any], None]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Makes a workbook of sheets: lists of rows, or functions that fill one."""

    def make(*sheets: list[list[Any]] | Fill, **options: Any) -> Path:
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", **options}) as workbook:
            for fill in sheets:
                sheet = workbook.add_worksheet()
                if callable(fill):
                    fill(sheet)
                else:
                    for number, row in enumerate(fill):
                        sheet.write_row(number, 0, row)
        return path

    return make


def rows(path: Path) -> list[list[str]]:
    target = path.with_suffix(".csv")
    assert convert(path, target) == DONE
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        to_csv(path, path.with_suffix(".csv"))
    return str(caught.value)


class TestCells:
    def test_come_as_a_person_would_have_typed_them(self, book: Callable[..., Path]) -> None:
        cells: dict[Any, str] = {
            "Київ": "Київ",
            "00123": "00123",
            "+380671234567": "+380671234567",
            " kept ": " kept ",
            'two\nlines, "quoted"': 'two\nlines, "quoted"',
            380671234567: "380671234567",
            1234567890123456: "1234567890123456",
            -5: "-5",
            0: "0",
            0.5: "0.5",
            1234.25: "1234.25",
            datetime.date(1990, 5, 6): "1990-05-06",
            datetime.datetime.fromisoformat("2026-11-22 15:30"): "2026-11-22 15:30:00",
        }
        assert rows(book([list(cells), [True, False, "", None, "end"]])) == [
            list(cells.values()),
            ["true", "false", "", "", "end"] + [""] * (len(cells) - 5),
        ]

    def test_that_say_they_are_text_stay_text(self, book: Callable[..., Path]) -> None:
        def fill(sheet: Any) -> None:
            sheet.write_string(0, 0, "0012345678901234567890")
            sheet.write_string(0, 1, "1e3")
            sheet.write_formula(0, 2, '="00"&"7"', None, "007")

        assert rows(book(fill)) == [["0012345678901234567890", "1e3", "007"]]

    def test_whose_digits_the_workbook_itself_has_lost_show_it(self, book: Callable[..., Path]) -> None:
        """So that a phone number of 16 significant digits and more is refused, not taken for another one."""
        [[cell]] = rows(book([[12345678901234567890]]))
        assert re.fullmatch(r"1\.2345678901234\d*e\+19", cell)

    @pytest.mark.parametrize(
        ("cell", "text"),
        [
            (datetime.time(10, 30), "10:30:00"),
            (datetime.datetime.fromisoformat("2026-11-22"), "2026-11-22"),
            (True, "true"),
            (2.0**53 - 1, "9007199254740991"),
            (-0.0, "0"),
            ("", ""),
        ],
    )
    def test_of_every_kind(self, cell: Any, text: str) -> None:
        assert as_typed(cell) == text


class TestSheets:
    def test_the_first_that_has_rows_is_read(self, book: Callable[..., Path]) -> None:
        assert rows(book([], [["email"], ["a@example.com"]], [["another"]])) == [["email"], ["a@example.com"]]

    def test_rows_of_different_lengths_become_alike(self, book: Callable[..., Path]) -> None:
        assert rows(book([["a", "b", "c"], ["1"], [], ["1", "2"]])) == [
            ["a", "b", "c"],
            ["1", "", ""],
            ["", "", ""],
            ["1", "2", ""],
        ]

    def test_a_chart_is_no_sheet_of_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "chart.xlsx"
        with xlsxwriter.Workbook(path) as workbook:
            chart, chartsheet = workbook.add_chart({"type": "bar"}), workbook.add_chartsheet()
            sheet = workbook.add_worksheet("Data")
            sheet.write_row(0, 0, ["email"])
            sheet.write_row(1, 0, ["a@example.com"])
            chart.add_series({"values": "=Data!$A$1:$A$2"})
            chartsheet.set_chart(chart)
        assert rows(path) == [["email"], ["a@example.com"]]

    def test_a_table_may_begin_below_and_beside_the_corner(self, book: Callable[..., Path]) -> None:
        def fill(sheet: Any) -> None:
            sheet.write_row(2, 1, ["email", "name"])
            sheet.write_row(3, 1, ["a@example.com", "A"])

        found = [row for row in rows(book(fill)) if any(row)]
        assert [[cell for cell in row if cell] for row in found] == [["email", "name"], ["a@example.com", "A"]]


class TestConversion:
    """By a program of its own, as in an import."""

    def test_of_a_workbook(self, book: Callable[..., Path]) -> None:
        path, ticks = book([["email", "місто"], ["a@example.com", "Київ"]]), []
        assert is_workbook(path)
        to_csv(path, path.with_suffix(".csv"), tick=lambda: ticks.append(1))
        assert path.with_suffix(".csv").read_bytes() == "email,місто\r\na@example.com,Київ\r\n".encode()
        assert ticks

    def test_of_an_empty_workbook_is_refused(self, book: Callable[..., Path]) -> None:
        assert refusal(book([], [])) == "The workbook is empty."

    def test_of_a_damaged_one_is_refused(self, book: Callable[..., Path]) -> None:
        path = book([["email"]])
        damage(path, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c r=")
        assert "cannot be read" in refusal(path)

    def test_ends_when_the_import_is_cancelled(
        self, book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path, ticks = book([["email"]]), iter([None, None])

        def cancel() -> None:
            if next(ticks, "over"):
                raise Cancelled

        def sleep(_arguments: list[str], **options: Any) -> "subprocess.Popen[bytes]":
            return real(["/bin/sleep", "600"], **options)

        real = subprocess.Popen
        monkeypatch.setattr(subprocess, "Popen", sleep)
        with pytest.raises(Cancelled):
            to_csv(path, path.with_suffix(".csv"), tick=cancel)


def damage(path: Path, part: str, content: bytes) -> None:
    """Puts something else in the place of one part of the archive."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, kept in {**parts, part: content}.items():
            archive.writestr(name, kept)


class TestUnreadable:
    @pytest.mark.parametrize(
        ("part", "content"),
        [
            ("xl/workbook.xml", b""),
            ("xl/workbook.xml", b"<<<"),
            ("xl/worksheets/sheet1.xml", b"\xff\xfe\0\0"),
            ("xl/worksheets/sheet1.xml", b'<worksheet><sheetData><row><c r="A1" t="s"><v>99</v></c></row></sheetData>'),
            ("xl/sharedStrings.xml", b"<sst><si><t>"),
            ("xl/styles.xml", b"\0"),
        ],
    )
    def test_parts_are_no_error_of_ours(self, part: str, content: bytes, book: Callable[..., Path]) -> None:
        path = book([["email"], ["a@example.com"]])
        damage(path, part, content)
        assert convert(path, path.with_suffix(".csv")) in {DONE, EMPTY, UNREADABLE}

    def test_a_sheet_that_would_be_enormous_is_refused(self, book: Callable[..., Path]) -> None:
        """Two cells in opposite corners: a few bytes, and 17 billion cells between them."""

        def fill(sheet: Any) -> None:
            sheet.write(0, 0, "email")
            sheet.write(1_048_575, 16_383, "a@example.com")

        assert "too large" in refusal(book(fill))


class TestArchive:
    @staticmethod
    def archive(path: Path, parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
        with zipfile.ZipFile(path, "w", compression) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return path

    @pytest.fixture(autouse=True)
    def _five_megabytes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workbooks, "MOST_BYTES", 5_000_000)

    def bomb(self, path: Path) -> Path:
        return self.archive(path, {"xl/workbook.xml": b"<workbook/>", "xl/sharedStrings.xml": bytes(6_000_000)})

    def test_that_unpacks_to_too_much_is_refused_before_anything_is_unpacked(self, tmp_path: Path) -> None:
        path = self.bomb(tmp_path / "bomb.xlsx")
        assert path.stat().st_size < 10_000
        assert "unpacks to more than 600 MB" in refusal(path)

    def test_that_lies_about_its_sizes_is_refused_all_the_same(self, tmp_path: Path) -> None:
        path = self.bomb(tmp_path / "bomb.xlsx")
        honest = (6_000_000).to_bytes(4, "little")
        lying = path.read_bytes().replace(honest, (1000).to_bytes(4, "little"))
        path.write_bytes(lying)
        with zipfile.ZipFile(path) as archive:
            assert archive.getinfo("xl/sharedStrings.xml").file_size == 1000
        assert "unpacks to more than 600 MB" in refusal(path)

    def test_whose_parts_are_too_much_only_together_is_refused(self, tmp_path: Path) -> None:
        parts = {"xl/workbook.xml": b"<workbook/>", **{f"xl/media/{n}": bytes(1_000_000) for n in range(6)}}
        for compression in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
            assert "unpacks to more" in refusal(self.archive(tmp_path / "bomb.xlsx", parts, compression))
        del parts["xl/media/0"], parts["xl/media/1"]
        refuse_bombs(self.archive(tmp_path / "fair.xlsx", parts))

    def test_of_something_else_is_refused(self, tmp_path: Path) -> None:
        path = self.archive(tmp_path / "photos.zip", {"photo.jpg": b"\xff\xd8", "people.csv": b"email\na@example.com"})
        assert is_workbook(path)
        assert refusal(path) == "This is a ZIP archive, but not an XLSX workbook."

    def test_packed_in_a_way_that_no_spreadsheet_uses_is_refused(self, tmp_path: Path) -> None:
        for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            path = self.archive(tmp_path / "odd.xlsx", {"xl/workbook.xml": b"<workbook/>" * 99}, compression)
            assert "damaged" in refusal(path)

    def test_with_garbage_in_a_part_is_refused(self, book: Callable[..., Path]) -> None:
        path = book([["email"] * 50] * 50)
        content = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo("xl/worksheets/sheet1.xml")
        start = info.header_offset + 30 + len(info.filename) + 2
        content[start : start + 60] = b"\xff" * 60
        path.write_bytes(content)
        assert "damaged" in refusal(path)

    def test_cut_short_is_not_taken_for_a_workbook(self, book: Callable[..., Path]) -> None:
        path = book([["email"]])
        path.write_bytes(path.read_bytes()[:-100])
        assert not is_workbook(path)

    def test_an_empty_archive_is_refused(self, tmp_path: Path) -> None:
        assert "not an XLSX workbook" in refusal(self.archive(tmp_path / "empty.zip", {}))

    def test_text_is_no_workbook(self, tmp_path: Path) -> None:
        for content in (b"", b"PK\x03\x04", b"email,name\n" * 1000):
            (tmp_path / "text").write_bytes(content)
            assert not is_workbook(tmp_path / "text")


def test_a_large_sheet_is_written_row_by_row(book: Callable[..., Path]) -> None:
    found = rows(book([["email", "n"], *([f"person{n}@example.com", n] for n in range(3000))], constant_memory=True))
    assert len(found) == 3001
    assert found[-1] == ["person2999@example.com", "2999"]
