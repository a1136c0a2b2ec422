"""The kinds of transfers. An app registers what it can import or export when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from activity.erasure import Persons

if TYPE_CHECKING:
    from activity.models import Transfer
    from activity.transfers import Claim

Step = Callable[["Claim"], None]
Forget = Callable[["Transfer", Persons], int]


def _nothing(_transfer: "Transfer") -> list[tuple[str, str]]:
    return []


@dataclass(frozen=True)
class Handler:
    """What one kind of transfer is called, the function of each of its steps, and the name of its page's address.

    `forget` removes erased people from the files of a transfer that nobody works on, and returns how many rows went;
    it may be called again.
    """

    kind: str
    label: str | Promise
    steps: dict[str, Step]
    url_name: str
    forget: Forget | None = None
    # What is in an export, as pairs of label and text, and what can be fetched now, as pairs of label and address.
    described: Callable[["Transfer"], list[tuple[str, str]]] = _nothing
    files: Callable[["Transfer"], list[tuple[str, str]]] = _nothing


_handlers: dict[str, Handler] = {}


def register(handler: Handler) -> None:
    """Makes a kind of transfer known."""
    _handlers[handler.kind] = handler


def handler_of(kind: str) -> Handler:
    """Raises `KeyError` for a kind that no app has registered."""
    return _handlers[kind]
