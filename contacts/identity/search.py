"""What a text typed into the search box may identify."""

from collections.abc import Callable
from typing import Literal

from contacts.identity.emails import email
from contacts.identity.errors import Invalid
from contacts.identity.names import user_id
from contacts.identity.phones import phone

Kind = Literal["user_id", "email", "phone"]


def identifiers(text: str, region: str) -> list[tuple[Kind, str]]:
    """Every identifier that the text could be, in normal form, the cheapest to read first; none for a blank text."""
    readers: list[tuple[Kind, Callable[[], str]]] = [
        ("user_id", lambda: user_id(text)),
        ("email", lambda: email(text)),
        ("phone", lambda: phone(text, region)),
    ]
    found: list[tuple[Kind, str]] = []
    for kind, read in readers:
        try:
            found.append((kind, read()))
        except Invalid:
            continue
    return found
