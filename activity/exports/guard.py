"""Cells that a spreadsheet would take for formulas (OWASP, CSV Injection), and the way back.

A text that begins with = + - @, a tab or an end of line, also in the full-width forms, gets an apostrophe before it. So
does one with apostrophes before such a character; taking one away is therefore always the way back. A number with its
sign is no formula: +380671234567 and -12.5 stay as they are.
"""

import re
from collections.abc import Sequence

from activity.exports.lines import cells_of, row_of

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?")
# The same of rows of CSV as COPY writes them, each behind an end of line. Cells with one in them are always quoted.
_SUSPECT = re.compile(
    rb"""[,\n](?=["'=+\-@\t\xef])(?:"'*(?:[=+\-@\t\r\n]|\xef\xbc[\x8b\x8d\x9d\xa0])"""
    rb"""|(?:'+|(?![+-][0-9]+(?:\.[0-9]+)?[,\n]))(?:[=+\-@\t]|\xef\xbc[\x8b\x8d\x9d\xa0]))"""
)


def guard(text: str) -> str:
    """The text as a spreadsheet shows it rather than works it out."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given; any other one is left as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def guard_quoted(text: str) -> str:
    """For cells that are text by their type, such as those of a workbook: only what `unguard` would change."""
    return f"'{text}" if text.startswith("'") and _FORMULA.match(text) else text


def guarded_rows(rows: Sequence[bytes]) -> bytes:
    """Rows of CSV as COPY writes them, with their cells guarded. Few need to be divided into cells for that."""
    text = b"".join(rows)
    return b"".join(map(_guarded_row, rows)) if _SUSPECT.search(b"\n" + text) else text


def _guarded_row(row: bytes) -> bytes:
    if not _SUSPECT.search(b"\n" + row):
        return row
    return row_of(map(guard, cells_of(row.decode().removesuffix("\n")))).encode()
