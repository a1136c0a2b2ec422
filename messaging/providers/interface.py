"""What a provider is to the rest of Rapport: something that takes a message and says what it made of it.

Each has a folder of its own. A message may be handed over twice only where a provider honours keys, or where it said,
or is known, not to have it: so the four answers.
"""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from activity.catalogue import Channel
from messaging.content.render import Rendered
from messaging.tellings import Telling


@dataclass(frozen=True)
class Outgoing:
    """A message as it is handed over. `key` is the same whenever the same message is handed over again."""

    message_id: int
    channel: Channel
    address: str
    name: str
    rendered: Rendered
    key: str
    # Of the list: whom it comes from, as the provider may say.
    sender: str = ""
    sender_name: str = ""
    # Where the person leaves the channel, also by one click (RFC 8058).
    leave_url: str = ""
    # What the channel itself calls the person, where `Provider.NEEDS_ACCOUNT`.
    account: str = ""


@dataclass(frozen=True)
class Accepted:
    """The provider has it, under a number of its own."""

    id: str = ""
    words: str = ""


@dataclass(frozen=True)
class Refused:
    """The provider says that it has not taken it: for good, or for now.

    `telling` is what a refusal for good means; `left`: that the person has left the channel. `wait`: seconds that the
    provider asks everybody to wait for; `wait_alone`: this message only.
    """

    permanent: bool
    words: str
    telling: Telling = Telling.REJECTED
    wait: float | None = None
    left: bool = False
    wait_alone: float | None = None


@dataclass(frozen=True)
class NotSent:
    """The provider could not be reached: nothing of the message has left."""

    words: str


@dataclass(frozen=True)
class Unknown:
    """The message has left, and no answer came."""

    words: str


Answer = Accepted | Refused | NotSent | Unknown


@dataclass(frozen=True)
class Sought:
    """A message of which nobody knows whether the provider has it. `others`: its numbers that are other messages."""

    message_id: int
    address: str
    text: str
    called_at: datetime.datetime
    provider_id: str = ""
    others: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """The provider has the message, under a number of its own, and tells what became of it."""

    id: str
    telling: Telling
    words: str


@dataclass(frozen=True)
class Absent:
    """The provider knows no such message."""

    words: str


# `Unknown` where it could not be asked.
Knowledge = Found | Absent | Unknown


class Courier(ABC):
    """Takes one message after the other to a provider, over connections that stay open in between."""

    def open(self) -> NotSent | None:
        """Gets ready before the last look at whether a message may be sent, so that what follows that look is short."""
        return None

    def find(self, sought: Sought) -> Knowledge:
        """Looks a message up, where `Provider.CAN_BE_ASKED`."""
        raise NotImplementedError

    @abstractmethod
    def send(self, outgoing: Outgoing) -> Answer:
        """Hands a message over. Takes no longer than `Provider.TIMEOUT`; raises nothing that it can foresee."""


class Provider(ABC):
    """One way to send by one channel or several."""

    name: str
    label: str
    # Whether one that is handed over twice under the same key is sent once.
    HONOURS_KEYS: ClassVar[bool] = False
    # Whether it tells later what became of a message. Where not, having accepted it is the last word.
    CONFIRMS: ClassVar[bool] = True
    # Whether Rapport's own links and picture tell of clicks and opens.
    OWN_TRACKING: ClassVar[bool] = False
    # Whether it knows people by an id of its own beside the address.
    NEEDS_ACCOUNT: ClassVar[bool] = False
    # Whether one can look up there what became of a message.
    CAN_BE_ASKED: ClassVar[bool] = False
    # Seconds that a call takes at most, with all that belongs to it.
    TIMEOUT: ClassVar[float] = 30.0

    @contextmanager
    @abstractmethod
    def courier(self) -> Iterator[Courier]:
        """One for a worker, closed with the block."""
        yield  # type: ignore[misc]
