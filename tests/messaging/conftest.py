"""A provider that says what a test wants it to say, and contacts who may be written to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from activity.catalogue import MESSAGE_CHANNELS, Channel
from contacts.models import Contact
from messaging.providers import registry
from messaging.providers.interface import Accepted, Answer, Courier, Outgoing, Provider
from tests.factories import ContactFactory
from tests.subscriptions.consent import opt_in

Say = Callable[[Outgoing], Answer]


class Fake(Provider, Courier):
    """Keeps what it is given; `say` decides what it answers."""

    name = "fake"
    label = "Fake"

    def __init__(self) -> None:
        self.given: list[Outgoing] = []
        self.say: Say = lambda outgoing: Accepted(id=f"f-{outgoing.message_id}", words="Taken")

    @contextmanager
    def courier(self) -> Iterator[Courier]:
        yield self

    def send(self, outgoing: Outgoing) -> Answer:
        self.given.append(outgoing)
        return self.say(outgoing)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    """The provider of every channel."""
    provider = Fake()
    monkeypatch.setattr(registry, "_loaded", lambda _path: provider)
    return provider


@pytest.fixture
def contact(db: None) -> Contact:
    """Subscribed to everything."""
    contact = ContactFactory.create(first_name="Olena", phone="+380671234567")
    for channel in MESSAGE_CHANNELS:
        opt_in(contact, channel, address="" if channel in (Channel.EMAIL, Channel.SMS) else "chat-1")
    return contact
