"""Where an import keeps its files, in the transfer's own folder."""

from pathlib import Path

from activity.models import Transfer


def uploaded(transfer: Transfer) -> Path:
    """Where the file lies as it came."""
    return transfer.path / "upload"


def table(transfer: Transfer) -> Path:
    """Where the rows are read from: the upload itself, or the workbook as CSV."""
    return converted(transfer) if converted(transfer).exists() else uploaded(transfer)


def converted(transfer: Transfer) -> Path:
    """Where a workbook lies once it is a table."""
    return transfer.path / "table.csv"
