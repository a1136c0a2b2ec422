"""Rows of a table of text, one at a time, in flat memory."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contacts.imports.formats import Format

# A longer cell is a quote left open, or not a contact's data.
MOST_CELL_CHARACTERS = 1_000_000

csv.field_size_limit(MOST_CELL_CHARACTERS)


@dataclass(frozen=True)
class Row:
    """`number` counts the file's rows from 1, the header included, as a spreadsheet would."""

    number: int
    cells: list[str]
    # The row could not be divided into cells: `cells` holds its raw text alone.
    broken: bool = False


def read(path: Path, format_: Format, *, after: int = 0) -> Iterator[Row]:
    """The data rows behind row number `after`: blank ones are left out, the header is too.

    Bytes that the encoding does not know come as lone surrogates (PEP 383), which `parsing` refuses row by row.
    """
    with path.open(encoding=format_.encoding, errors="surrogateescape", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, **format_.reader_options())
        skip = max(after, 1 if format_.header else 0)
        number = 0
        while True:
            lines.taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                number += 1
                if number > skip:
                    yield Row(number, ["".join(lines.taken)], broken=True)
                continue
            number += 1
            if number > skip and cells and any(cells):
                yield Row(number, cells)


class _Lines:
    """The file's lines, remembering those of the present row."""

    def __init__(self, file: Iterator[str]) -> None:
        self.file = file
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self.file)
        self.taken.append(line)
        return line
