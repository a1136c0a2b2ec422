import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings
from python_calamine import CalamineWorkbook

from activity import transfers
from activity.exports.files import finished
from activity.models import Transfer
from activity.transfer_states import State

Rows = list[list[str]]


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.TRANSFERS_ROOT = tmp_path


@pytest.fixture
def made() -> Callable[[Transfer], Rows]:
    """Has a worker make the file of an export; gives its rows as a program reads them, the header first."""

    def make(transfer: Transfer) -> Rows:
        transfers.run(transfer.pk)
        transfer.refresh_from_db()
        assert transfer.state == State.DONE, transfer.error
        return rows_in(finished(transfer))

    return make


def rows_in(path: Path) -> Rows:
    if path.suffix == ".xlsx":
        workbook = CalamineWorkbook.from_path(str(path))
        return [[str(cell) for cell in row] for row in workbook.get_sheet_by_index(0).to_python()]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))
