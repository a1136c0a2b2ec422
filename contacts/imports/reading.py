"""Rows of a table of text, one at a time, in flat memory."""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from activity.exports.guard import unguard
from contacts.imports.formats import Format, open_text
from contacts.imports.lines import MOST_CHARACTERS, Lines

csv.field_size_limit(MOST_CHARACTERS)

_TICK_ROWS = 100_000


@dataclass(frozen=True)
class Row:
    """`number` counts the file's rows from 1, the header included, as a spreadsheet would."""

    number: int
    cells: list[str]
    # The row could not be divided into cells: `cells` holds its first line alone, as it stands.
    broken: bool = False
    # The lines that the reader took for it, until it goes on.
    taken: Sequence[str] = field(default=(), compare=False, repr=False)

    @property
    def text(self) -> str:
        """The row as the file has it, with its end of line. To be asked for before the next row is read."""
        return self.taken[0] if self.broken else "".join(self.taken)


def read(path: Path, format_: Format, *, after: int = 0, tick: Callable[[], None] = lambda: None) -> Iterator[Row]:
    """The data rows behind row number `after`: blank ones are left out, the header is too. Cells that a spreadsheet
    would have taken for formulas come without the apostrophe that keeps it from that.

    Bytes that the encoding does not know come as lone surrogates, which `parsing` refuses row by row. Behind a quote
    that is left open reading goes on at the next line, so that it costs no other row. `tick` is called now and then
    while rows are passed over.
    """
    with open_text(path, format_.encoding, errors=_UNDECODED) as file:
        lines, options = Lines(file), format_.reader_options()
        reader = csv.reader(lines, **options)
        number, header_follows = 0, format_.header
        while True:
            lines.begin()
            try:
                cells = next(reader)
                broken = len(lines.taken) > 1 and not _is_whole(lines.taken, options)
            except StopIteration:
                return
            except csv.Error:
                broken = True
            if broken:
                cells = [lines.taken[0].rstrip("\r\n")[:MOST_CHARACTERS]]
                lines.give_back()
            number += 1
            if not any(cells):
                continue
            if not header_follows and number > after:
                yield Row(number, cells if broken else [unguard(cell) for cell in cells], broken, lines.taken)
            elif not number % _TICK_ROWS:
                tick()
            header_follows = False


def _is_whole(lines: list[str], options: dict[str, Any]) -> bool:
    """Whether every quote of a row of several lines is closed, and closed where its cell ends."""
    try:
        next(csv.reader(lines, strict=True, **options))
    except csv.Error:
        return False
    return True


def _as_surrogate(error: UnicodeError) -> tuple[str, int]:
    """Half a character of UTF-16 becomes one too, for which Python's own "surrogateescape" has none."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


_UNDECODED = "contacts.imports.undecoded"
codecs.register_error(_UNDECODED, _as_surrogate)
