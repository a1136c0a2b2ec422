"""What other apps add to every profile: labels beside the name, a row of the facts, a panel below them,
actions above it all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models.expressions import Combinable

from contacts.models import Contact


@dataclass(frozen=True)
class Part:
    """A part as registered. Its templates find what `read` has told, once a page, as `it`; "" where there is none.

    `asks`: expressions on contacts, whose values `read` finds by their names; the page asks for those of all parts at
    once.
    """

    read: Callable[[Contact, Mapping[str, Any]], object]
    labels: str = ""
    panel: str = ""
    actions: str = ""
    # A row of the facts.
    fact: str = ""
    asks: Callable[[], Mapping[str, Combinable]] = dict


@dataclass(frozen=True)
class ShownPart:
    """A part as it stands on one contact's page."""

    of: Part
    it: object


_parts: list[Part] = []


def register(part: Part) -> None:
    """Adds a part behind those that are there."""
    _parts.append(part)


def asked() -> dict[str, Combinable]:
    """What `parts_of` must know of a contact."""
    found: dict[str, Combinable] = {}
    for part in _parts:
        found = dict(**found, **part.asks())  # which lets no part have a name of another's
    return found


def parts_of(contact: Contact, known: Mapping[str, Any]) -> list[ShownPart]:
    return [ShownPart(part, part.read(contact, known)) for part in _parts]
