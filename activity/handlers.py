"""The kinds of transfers. An app registers what it can import or export when it is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from activity.transfers import Claim

Step = Callable[["Claim"], None]


@dataclass(frozen=True)
class Handler:
    """What one kind of transfer is called, the function of each of its steps, and the name of its page's address."""

    kind: str
    label: str | Promise
    steps: dict[str, Step]
    url_name: str


_handlers: dict[str, Handler] = {}


def register(handler: Handler) -> None:
    """Makes a kind of transfer known."""
    _handlers[handler.kind] = handler


def handler_of(kind: str) -> Handler:
    """Raises `KeyError` for a kind that no app has registered."""
    return _handlers[kind]
