"""What other apps add to every profile: labels beside the name, a row of the facts, a panel below them,
actions above it all."""

from collections.abc import Callable
from dataclasses import dataclass

from contacts.models import Contact


@dataclass(frozen=True)
class Part:
    """A part as registered. Its templates find what `read` has told, once a page, as `it`; "" where there is none."""

    read: Callable[[Contact], object]
    labels: str = ""
    panel: str = ""
    actions: str = ""
    # A row of the facts.
    fact: str = ""


@dataclass(frozen=True)
class ShownPart:
    """A part as it stands on one contact's page."""

    of: Part
    it: object


_parts: list[Part] = []


def register(part: Part) -> None:
    """Adds a part behind those that are there."""
    _parts.append(part)


def parts_of(contact: Contact) -> list[ShownPart]:
    return [ShownPart(part, part.read(contact)) for part in _parts]
