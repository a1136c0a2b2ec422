"""Cells that a spreadsheet would take for formulas (OWASP, CSV Injection), and the way back.

A text that begins with = + - @, a tab or an end of line, also in the full-width forms, gets an apostrophe before it. So
does one with apostrophes before such a character; taking one away is therefore always the way back. A number with its
sign is no formula: +380671234567 and -12.5 stay as they are.
"""

import re

from activity.exports.lines import cells_of, row_of

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?")
# The same of a row of CSV as COPY writes it, its last end of line left out; the first cell is looked at by itself.
_SUSPECT = re.compile(
    rb""",(?:"'*|'+|(?![+-][0-9]+(?:\.[0-9]+)?(?:,|\Z)))(?:[=+\-@\t\r\n]|\xef\xbc[\x8b\x8d\x9d\xa0])"""
)
_BEGINNINGS = frozenset(b"=+-@\t\r\n'\"\xef")


def guard(text: str) -> str:
    """The text as a spreadsheet shows it rather than works it out."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given; any other one is left as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def guard_quoted(text: str) -> str:
    """For cells that are text by their type, such as those of a workbook: only what `unguard` would change."""
    return f"'{text}" if text.startswith("'") and _FORMULA.match(text) else text


def guarded_row(row: bytes) -> bytes:
    """A row of CSV as COPY writes it, with its cells guarded. Few rows need to be divided into cells for that."""
    if row[0] not in _BEGINNINGS and not _SUSPECT.search(row, 0, len(row) - 1):
        return row
    return row_of(map(guard, cells_of(row.decode().removesuffix("\n")))).encode()
