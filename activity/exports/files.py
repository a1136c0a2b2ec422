"""The files of an export: one that grows to the end of each chunk, and the finished one."""

import os
from collections.abc import Callable
from pathlib import Path

from activity.models import Transfer

_BLOCK = 16 * 1024**2


def growing(transfer: Transfer) -> Path:
    return transfer.path / "growing.csv"


def finished(transfer: Transfer) -> Path:
    """Where the file lies that can be downloaded."""
    return transfer.path / f"export.{transfer.parameters['format']}"


def keep_head(path: Path, length: int, *, tick: Callable[[], None]) -> bool:
    """Leaves the first `length` bytes of a file, as a file of its own: whoever still has the old one open writes into
    nothing. Returns whether there are so many.
    """
    if not path.exists() or path.stat().st_size < length:
        return False
    head = path.with_suffix(".head")
    with path.open("rb") as source, head.open("wb") as target:
        while block := source.read(min(_BLOCK, length - target.tell())):
            target.write(block)
            tick()
        sync(target.fileno())
    head.replace(path)
    return True


def sync(fileno: int) -> None:
    os.fsync(fileno)


def publish(path: Path, target: Path) -> None:
    """Gives a complete file its final name, in one step that a crash does not undo."""
    path.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
