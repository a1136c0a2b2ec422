"""The one step of every export: rows into a file, chunk by chunk, then the file as it was asked for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from activity.exports import workbooks
from activity.exports.copying import copy_some, rows_behind
from activity.exports.files import finished, growing, keep_head, publish, sync
from activity.exports.guard import guard
from activity.exports.lines import row_of
from activity.exports.tables import Table
from activity.handlers import Step
from activity.models import Transfer
from activity.transfer_states import State
from activity.transfers import Cancelled, Claim

KEEP_EXPORTS = timedelta(days=7)
FORMATS = (CSV, XLSX) = ("csv", "xlsx")
# Each chunk is a short transaction: a long one keeps the whole database from tidying up behind it.
MOST_ROWS = 100_000
# Excel takes a CSV file without this mark for one of an old code page.
_BOM = b"\xef\xbb\xbf"


def step(table_of: Callable[[Transfer], Table[Any]]) -> Step:
    """The step of a kind of export, made of what tells its table."""

    def run(claim: Claim) -> None:
        table = table_of(claim.transfer)
        try:
            if not finished(claim.transfer).exists():
                _write_rows(claim, table)
                shortened = _finish(claim, table)
            else:  # it was made, and then the worker was killed
                shortened = claim.transfer.checkpoint.get("shortened", 0)
        except Cancelled:
            growing(claim.transfer).unlink(missing_ok=True)
            raise
        _end(claim, shortened)

    return run


def _end(claim: Claim, shortened: int) -> None:
    done = claim.transfer.done
    claim.end(
        State.DONE,
        result={"rows": done, "bytes": finished(claim.transfer).stat().st_size, "shortened": shortened},
        total=done,
        # What was looked for may be a person's name; it is of no use any more.
        parameters={name: value for name, value in claim.transfer.parameters.items() if name != "search"},
        expires_at=timezone.now() + KEEP_EXPORTS,
    )


class _Progress:
    """Where the export is, as the checkpoint keeps it: `key` of the last row, `bytes` of the file up to it."""

    def __init__(self, claim: Claim) -> None:
        state = claim.transfer.checkpoint
        self.claim = claim
        self.key: list[str] | None = state.get("key")
        self.bytes: int = state.get("bytes", 0)
        self.complete: bool = state.get("complete", False)
        self.done = claim.transfer.done

    def begin_anew(self) -> None:
        self.key, self.bytes, self.done, self.complete = None, 0, 0, False

    def record(self, *, rows: int, key: list[str] | None, length: int) -> None:
        """Within the transaction that has read the rows."""
        self.done += rows
        self.key, self.bytes, self.complete = key, length, key is None
        self.claim.checkpoint(done=self.done, **self.state)

    @property
    def state(self) -> dict[str, Any]:
        return {"key": self.key, "bytes": self.bytes, "complete": self.complete}


def _write_rows(claim: Claim, table: Table[Any]) -> None:
    """Writes what is left of the rows, behind the last checkpoint."""
    progress, path = _Progress(claim), growing(claim.transfer)
    if not (progress.bytes and keep_head(path, progress.bytes, tick=claim.checkpoint)):
        progress.begin_anew()
        path.unlink(missing_ok=True)
    with path.open("ab", buffering=1 << 20) as file:
        if not progress.bytes:
            file.write(_head(table, claim.transfer.parameters["format"]))
            claim.checkpoint(done=0)
        while not progress.complete:
            _write_chunk(progress, table, file)
            if progress.key and claim.transfer.total is None:  # most have one chunk, and need no counting
                claim.checkpoint(total=progress.done + rows_behind(table, progress.key).count(), **progress.state)


def _write_chunk(progress: _Progress, table: Table[Any], file: BinaryIO) -> None:
    guarded = progress.claim.transfer.parameters["format"] == CSV
    with transaction.atomic():
        progress.claim.hold()
        rows, key = copy_some(table, file, after=progress.key, most=MOST_ROWS, guarded=guarded)
        file.flush()
        sync(file.fileno())
        progress.record(rows=rows, key=key, length=file.tell())


def _head(table: Table[Any], format_: str) -> bytes:
    if format_ == CSV:
        return _BOM + row_of(map(guard, table.header)).encode()
    return row_of(table.header).encode()


def _finish(claim: Claim, table: Table[Any]) -> int:
    """Makes the file that was asked for. Returns how many cells of a workbook had to be cut off."""
    path, target, shortened = growing(claim.transfer), finished(claim.transfer), 0
    if target.suffix == f".{XLSX}":
        path, shortened = workbooks.convert(path, table, tick=claim.checkpoint)
    claim.checkpoint(**claim.transfer.checkpoint | {"shortened": shortened})
    publish(path, target)
    growing(claim.transfer).unlink(missing_ok=True)
    return shortened
