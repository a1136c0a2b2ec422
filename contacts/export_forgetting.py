"""Erased people in exports of contacts."""

import csv
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

from activity.erasure import Persons
from activity.exports.forgetting import drop, files_of
from activity.exports.guard import unguard
from activity.exports.steps import XLSX
from activity.models import Transfer
from contacts.values import IDENTIFIERS


def forget(transfer: Transfer, persons: Persons) -> int:
    """Takes the file away where one of these people is in it, or may be: where it has nothing to recognise them by.

    Returns how many rows went with it.
    """
    files = files_of(transfer)
    if not files and "search" not in transfer.parameters:
        return 0
    if set(IDENTIFIERS) & set(transfer.parameters["columns"]) and "search" not in transfer.parameters:
        sought = persons.user_ids | persons.emails | persons.phones
        if not any(sought.intersection(row) for path in files for row in _rows(path)):
            return 0
    return drop(transfer)


def _rows(path: Path) -> Iterator[list[str]]:
    if path.suffix == f".{XLSX}":
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        yield from ([unguard(str(cell)) for cell in cells] for cells in sheet.iter_rows())
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for cells in csv.reader(file):
                yield [unguard(cell) for cell in cells]
