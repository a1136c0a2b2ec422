"""A program of its own: writes the first sheet that has rows of an XLSX workbook as UTF-8 CSV.

    python -m contacts.imports.sheet_to_csv WORKBOOK TARGET

The reader holds a whole sheet in memory and cannot be interrupted, so it works apart from the worker, within limits of
its own. Exit status: 0 done, 3 no sheet has rows, 4 the workbook cannot be read.
"""

import csv
import datetime
import resource
import sys
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

DONE, EMPTY, UNREADABLE = 0, 3, 4
MOST_MEMORY = 6 * 1024**3  # bytes of address space


def convert(workbook: Path, target: Path) -> int:
    """Returns one of the three statuses."""
    try:
        with CalamineWorkbook.from_path(str(workbook)) as opened:
            sheet = _first_with_rows(opened)
            if sheet is None:
                return EMPTY
            with target.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerows([as_typed(cell) for cell in row] for row in sheet.iter_rows())
    except (CalamineError, OSError, ValueError, MemoryError):
        return UNREADABLE
    return DONE


def _first_with_rows(workbook: CalamineWorkbook) -> CalamineSheet | None:
    sheets = (workbook.get_sheet_by_name(name) for name in workbook.sheet_names)
    return next((sheet for sheet in sheets if sheet.height), None)


def as_typed(cell: Any) -> str:
    """A cell as a person would have typed it into a CSV: 380501234567 without a fraction, dates in ISO 8601 form."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:  # beyond, it has lost digits already
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ") if cell.time() != datetime.time() else cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.exit(convert(Path(sys.argv[1]), Path(sys.argv[2])))
