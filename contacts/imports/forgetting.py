"""Erased people in the files of imports: their rows are blanked, or the file goes where nobody needs it any more."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from activity.erasure import Persons
from activity.models import Transfer
from activity.transfer_states import State
from contacts import identity
from contacts.imports.columns import targets_for
from contacts.imports.formats import Format
from contacts.imports.reading import Row, read
from contacts.imports.refusals import RefusedRows
from contacts.imports.storage import converted, uploaded

# So many last digits of a number tell whether it is worth reading: they are written in many ways.
_TAIL = 7
_NO_DIGIT = re.compile(r"\D")
_REFUSED = Format()


def forget(transfer: Transfer, persons: Persons) -> int:
    """Removes the rows of these people from the upload, its table and the refused rows; returns how many there were.

    An import that may still go on keeps its rows where they are: those of the erased become blank.
    """
    format_ = Format.load(transfer.parameters["format"]) if "format" in transfer.parameters else None
    tables = [path for path in (converted(transfer), uploaded(transfer)) if path.exists()]
    refused = RefusedRows(transfer.path)
    count = 0
    if format_ is None:
        count += _drop(tables)  # it was never read, and never will be
    elif tables:
        found = _blank(tables[0], format_, persons, goes_on=transfer.state in {State.WAITING, State.FAILED})
        count += found
        # A workbook is not needed once it has become a table.
        count += _drop(tables[1:]) if found else 0
    for part in [*sorted(refused.parts.glob("*.csv")), *filter(Path.exists, [refused.file])]:
        header = part == refused.file
        count += _blank(part, replace(_REFUSED, header=header), persons, goes_on=True)
    return count


def _drop(paths: list[Path]) -> int:
    for path in paths:
        path.unlink()
    return len(paths)


def _blank(path: Path, format_: Format, persons: Persons, *, goes_on: bool) -> int:
    """Blanks the rows of these people; a table that nobody needs goes as a whole where there are any."""
    is_theirs = _recogniser(_headers(path, format_), persons)
    numbers = {row.number for row in read(path, format_) if is_theirs(row)}
    if numbers and not goes_on:
        path.unlink()
    elif numbers:
        _rewrite(path, format_, numbers)
    return len(numbers)


def _headers(path: Path, format_: Format) -> list[str]:
    rows = read(path, replace(format_, header=False)) if format_.header else iter(())
    return next((row.cells for row in rows), [])


def _recogniser(headers: list[str], persons: Persons) -> Callable[[Row], bool]:
    """Whether a row is of one of them: by an email or a phone number in any cell, by userId in its own columns."""
    ids = [place for place, target in enumerate(targets_for(headers)) if target == "userId"]
    tails = {phone[-_TAIL:] for phone in persons.phones}

    def is_theirs(row: Row) -> bool:
        cells = row.cells
        if any(cells[place].strip() in persons.user_ids for place in ids if place < len(cells)):
            return True
        if not ids and any(cell.strip() in persons.user_ids for cell in cells):
            return True
        return any(_is_email(cell, persons) or _is_phone(cell, persons, tails) for cell in cells)

    return is_theirs


def _is_email(cell: str, persons: Persons) -> bool:
    return "@" in cell and any(
        address in persons.emails for address in _read(identity.email, re.split(r"[\s,;]+", cell))
    )


def _is_phone(cell: str, persons: Persons, tails: set[str]) -> bool:
    if _NO_DIGIT.sub("", cell)[-_TAIL:] not in tails:
        return False
    numbers = _read(lambda text: identity.phone(text, settings.DEFAULT_REGION), [cell])
    return any(number in persons.phones for number in numbers)


def _read(reader: Callable[[str], str], texts: list[str]) -> Iterator[str]:
    for text in texts:
        try:
            yield reader(text)
        except identity.Invalid:
            continue


def _rewrite(path: Path, format_: Format, numbers: set[int]) -> None:
    """The same file with these rows blank, so that the others keep their numbers."""
    unfinished, last = path.with_suffix(".forgetting"), 0
    # What could not be decoded is no text in the new file either.
    errors = "surrogatepass" if format_.encoding.startswith("utf-16") else "surrogateescape"
    with unfinished.open("w", encoding=format_.encoding, errors=errors, newline="") as file:
        for row in read(path, replace(format_, header=False)):
            file.write("\n" * (row.number - last - 1))
            file.write("\n" if row.number in numbers else row.text)
            last = row.number
    unfinished.replace(path)
