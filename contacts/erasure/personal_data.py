"""Where personal data of contacts is: each app names its tables here when it is ready, with what an erasure does there.

A test fails for every table with a text that is not named.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

Hook = Callable[[Collection[int]], None]


@dataclass(frozen=True)
class Table:
    """A table by the label of its model; `contact` is the column by which its rows go with a contact."""

    label: str
    contact: str


_erased: dict[str, Table] = {}
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
