"""Which contacts a bulk action is for: their ids, as they were when somebody chose them, one a line in a file."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from activity.models import Transfer

_PIECE = 10_000


def path(transfer: Transfer) -> Path:
    return transfer.path / "contacts"


def write(transfer: Transfer, ids: Iterable[int]) -> int:
    """Keeps the ids; returns how many there are."""
    count, rest = 0, iter(ids)
    with path(transfer).open("w", encoding="ascii") as file:
        while piece := list(islice(rest, _PIECE)):
            file.write("".join(f"{pk}\n" for pk in piece))
            count += len(piece)
    return count


def slices(transfer: Transfer, *, after: int, size: int) -> Iterator[list[int]]:
    """The ids behind the first `after` ones, so many at a time."""
    with path(transfer).open(encoding="ascii") as file:
        ids = map(int, islice(file, after, None))
        while piece := list(islice(ids, size)):
            yield piece
