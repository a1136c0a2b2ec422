"""From the growing CSV to an XLSX workbook, a row at a time, so that memory stays flat."""

import datetime
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from activity.exports.guard import guard_quoted
from activity.exports.lines import rows_of
from activity.exports.tables import Table, Type

# What a sheet and a cell of Excel can hold.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
# A float keeps so many digits of any number.
_MOST_DIGITS = 15
_TICK_ROWS = 5_000
_WIDTHS = {Type.TEXT: 20, Type.NUMBER: 12, Type.TIME: 19}


def convert(path: Path, table: Table[Any], *, tick: Callable[[], None]) -> tuple[Path, int]:
    """Returns where the workbook lies, and how many texts were cut off since no cell can hold them."""
    target, sheets = path.with_suffix(".xlsx"), None
    options = {"constant_memory": True, "tmpdir": str(path.parent), "default_date_format": "yyyy-mm-dd hh:mm:ss"}
    with path.open(encoding="utf-8", newline="\n") as file, Workbook(str(target), options) as workbook:
        sheets = _Sheets(workbook, table)
        rows = rows_of(file)
        next(rows)  # every sheet gets the header of its own
        for number, cells in enumerate(rows):
            if not number % _TICK_ROWS:
                tick()
            sheets.add(cells)
    return target, sheets.shortened


class _Sheets:
    """Sheet after sheet, each with the header."""

    def __init__(self, workbook: Workbook, table: Table[Any]) -> None:
        self.workbook = workbook
        self.table = table
        self.shortened = 0
        self.bold = workbook.add_format({"bold": True})
        self.write = [_WRITERS[column.type] for column in table.columns]
        self._begin()

    def _begin(self) -> None:
        self.sheet: Worksheet = self.workbook.add_worksheet()
        self.sheet.freeze_panes(1, 0)
        for place, column in enumerate(self.table.columns):
            self.sheet.set_column(place, place, max(_WIDTHS[column.type], min(len(column.head), 40) + 2))
            self.sheet.write_string(0, place, column.head, self.bold)
        self.row = 1

    def add(self, cells: Sequence[str]) -> None:
        if self.row == MOST_ROWS:
            self._begin()
        for place, (write, cell) in enumerate(zip(self.write, cells, strict=True)):
            if cell:
                self.shortened += len(cell) > MOST_CHARACTERS
                write(self.sheet, self.row, place, cell)
        self.row += 1


def _text(sheet: Worksheet, row: int, place: int, cell: str) -> None:
    sheet.write_string(row, place, guard_quoted(cell)[:MOST_CHARACTERS])


def _number(sheet: Worksheet, row: int, place: int, cell: str) -> None:
    """As a number, where that is still the same when it is read again."""
    with suppress(ValueError):
        if len(cell) <= _MOST_DIGITS and cell in (repr(float(cell)), str(int(float(cell)))):
            sheet.write_number(row, place, float(cell))
            return
    _text(sheet, row, place, cell)


def _time(sheet: Worksheet, row: int, place: int, cell: str) -> None:
    sheet.write_datetime(row, place, datetime.datetime.fromisoformat(cell))


_WRITERS = {Type.TEXT: _text, Type.NUMBER: _number, Type.TIME: _time}
