"""An import as a worker does it: the real steps, one after the other, in this process."""

import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from activity import transfers
from activity.audit import Actor
from activity.models import Transfer
from activity.transfer_states import State
from bench.files import VARIABLES
from contacts.imports.formats import Format, sample_rows
from contacts.imports.forms import MappingForm
from contacts.imports.refusals import RefusedRows
from contacts.imports.start import start
from contacts.imports.storage import table

_ACTOR = Actor(name="bench")


def import_file(path: str) -> dict[str, Any]:
    """Imports a file, from its upload to its end.

    Returns `seconds` by step, `memory` (peaks in bytes, before the first step and after the last), the counts that the
    `check` foretold and those of the `result`, and the file of `refused` rows.
    """
    before = peak_memory()
    transfer, inspected = _inspected(Path(path))
    checked = _checked(transfer)
    foretold = transfer.result
    transfers.queue(transfer, step="run", actor=_ACTOR)
    ran = _step(transfer, State.DONE)
    return {
        "seconds": {"inspect": inspected, "check": checked, "run": ran},
        "memory": [before, peak_memory()],
        "check": foretold,
        "result": transfer.result,
        "refused": str(RefusedRows(transfer.path).file),
    }


def queue_import(path: str) -> int:
    """Prepares the import of a file up to its run, and leaves that to the workers. Returns its number."""
    transfer, _seconds = _inspected(Path(path))
    _checked(transfer)
    transfers.queue(transfer, step="run", actor=_ACTOR)
    return transfer.pk


def retry_import(pk: int) -> None:
    """What a person does who finds the import failed."""
    transfers.retry(Transfer.objects.get(pk=pk), actor=_ACTOR)


def peak_memory() -> int:
    """The most memory that this process ever had resident, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # `getrusage` counts there what the process was forked from, too
        return 1024 * next(int(line.split()[1]) for line in status.read_text().splitlines() if "VmHWM" in line)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def _inspected(path: Path) -> tuple[Transfer, float]:
    upload = settings.FILE_UPLOAD_TEMP_DIR / f"{os.getpid()}-{path.name}"
    os.link(path, upload)  # it is moved away
    transfer = start(file=upload, name=path.name, actor=_ACTOR)
    return transfer, _step(transfer, State.WAITING)


def _checked(transfer: Transfer) -> float:
    format_ = Format.load(transfer.parameters["format"])
    form = MappingForm.suggested(sample_rows(table(transfer), format_), format_)
    for choice in form.choices:
        if choice.header in VARIABLES and choice.header not in form.types:
            choice.target = f"new:{VARIABLES[choice.header]}"
    parameters = transfer.parameters | {"mapping": form.mapping().dump()}
    transfers.queue(transfer, step="check", actor=_ACTOR, parameters=parameters)
    return _step(transfer, State.WAITING)


def _step(transfer: Transfer, then: State) -> float:
    """Does the queued step; returns its seconds."""
    started = time.perf_counter()
    transfers.run(transfer.pk)
    seconds = time.perf_counter() - started
    transfer.refresh_from_db()
    if transfer.state != then:
        raise RuntimeError(f"{transfer.step}: {transfer.state} {transfer.error}")
    return seconds
