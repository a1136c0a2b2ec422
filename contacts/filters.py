"""What other apps add to the contact list: ways to narrow it, and marks beside people. Each registers its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from contacts.models import Contact
from contacts.querysets import ContactQuerySet


@dataclass(frozen=True)
class Filter:
    """A choice above the list; `narrow` is given the chosen value, one of `choices`, which may have to be asked for."""

    name: str
    label: StrOrPromise
    choices: Sequence[tuple[str, StrOrPromise]] | Callable[[], Sequence[tuple[str, StrOrPromise]]]
    narrow: Callable[[ContactQuerySet, str], ContactQuerySet]

    @property
    def options(self) -> Sequence[tuple[str, StrOrPromise]]:
        return self.choices() if callable(self.choices) else self.choices


# For the contacts of a page, by one statement: the marks of those who have any, by id.
Marks = Callable[[Sequence[Contact]], Mapping[int, Sequence[StrOrPromise]]]

filters: list[Filter] = []
_marks: list[Marks] = []


def register(added: Filter) -> None:
    """Adds a filter behind those that are there."""
    filters.append(added)


def register_marks(marks: Marks) -> None:
    _marks.append(marks)


def marks_of(contacts: Sequence[Contact]) -> dict[int, list[StrOrPromise]]:
    found: dict[int, list[StrOrPromise]] = {}
    for marks in _marks:
        for contact_id, words in marks(contacts).items():
            found.setdefault(contact_id, []).extend(words)
    return found
