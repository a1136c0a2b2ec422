"""What other apps can tell of an edit before it is kept, each registered by its app."""

from collections.abc import Callable, Sequence

from django.db import transaction

from contacts.models import Contact

# Is called within a transaction that comes to nothing: `write` makes the change there. Returns sentences.
Foresight = Callable[[Contact, Callable[[], object]], Sequence[str]]

_foresights: list[Foresight] = []


def register(foresight: Foresight) -> None:
    _foresights.append(foresight)


def are_there() -> bool:
    return bool(_foresights)


def foreseen(contact: Contact, write: Callable[[], object]) -> list[str]:
    """What an edit would lead to, in sentences. Nothing is changed by asking."""
    found: list[str] = []
    for foresight in _foresights:
        with transaction.atomic():
            found += foresight(contact, write)
            transaction.set_rollback(True)
    return found
