"""Reading the CSV that COPY writes: cells of any length, quoted only where they must be."""

import re
from collections.abc import Iterable, Iterator
from typing import TextIO

_CELL = re.compile(r'(?:^|,)(?:"([^"]*(?:""[^"]*)*)"|([^",]*))')


def cells_of(row: str) -> list[str]:
    """The cells of one row without its last end of line. What is NULL comes as ""."""
    if '"' not in row:
        return row.split(",")
    return [quoted.replace('""', '"') or plain for quoted, plain in _CELL.findall(row)]


def rows_of(file: TextIO) -> Iterator[list[str]]:
    """The rows of a file that was opened with `newline="\\n"`; a cell may hold ends of lines."""
    for line in file:
        row = line
        while row.count('"') % 2:
            row += next(file)
        yield cells_of(row.removesuffix("\n"))


def row_of(cells: Iterable[str]) -> str:
    """A row with its end of line, as COPY writes it."""
    return ",".join(map(_quoted, cells)) + "\n"


def _quoted(cell: str) -> str:
    if any(character in cell for character in ',"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
