"""Where personal data of contacts is: each app names its tables here when it is ready, with what an erasure does there.

A test fails for every table with a text that is not named.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

Hook = Callable[[Collection[int]], None]
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Table:
    """A table by the label of its model; `contact` is the column by which its rows go with a contact."""

    label: str
    contact: str


@dataclass(frozen=True)
class Legacy:
    """What outlives contacts in a table that stays: `of` reads it, as JSON without personal data, once they are
    prepared; `restore` puts it back where it is missing, and returns how many rows were."""

    of: Callable[[Collection[int]], Rows]
    restore: Callable[[Rows], int]


_erased: dict[str, Table] = {}
_legacies: dict[str, Legacy] = {}
_kept: dict[str, str] = {}
_before: list[Hook] = []


def goes_with_contact(label: str, *, contact: str = "contact_id") -> None:
    """The rows of this model go with their contact. Those registered last go first."""
    _erased[label] = Table(label, contact)


def stays(label: str, *, because: str) -> None:
    """The rows of this model stay: they tell nothing of a contact, or only what `because` says."""
    _kept[label] = because


def before_erasing(hook: Hook) -> None:
    """Calls `hook` with the ids of the contacts in the transaction that is going to erase them."""
    _before.append(hook)


def outlives(name: str, legacy: Legacy) -> None:
    """Keeps this in the ledger too: a backup from before the erasure does not have it."""
    _legacies[name] = legacy


def legacies_of(contact_ids: Collection[int]) -> dict[str, Rows]:
    """All that outlives these contacts, by the names it was registered with."""
    return {name: rows for name, legacy in _legacies.items() if (rows := legacy.of(contact_ids))}


def restore(legacies: dict[str, Rows]) -> int:
    """Puts back what is missing; returns how many rows. Raises `KeyError` for a name that nobody has registered."""
    return sum(_legacies[name].restore(rows) for name, rows in legacies.items())


def erased() -> list[Table]:
    """Tables whose rows go, in the order in which they can."""
    return list(reversed(_erased.values()))


def kept() -> dict[str, str]:
    """Why the other tables keep their rows, by the label of the model."""
    return dict(_kept)


def prepare(contact_ids: Collection[int]) -> None:
    """Lets each app keep what has to outlive these contacts."""
    for hook in _before:
        hook(contact_ids)
