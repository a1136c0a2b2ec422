"""The sandbox: nothing leaves. What would have been sent stands in the Outbox, where people play what comes back."""

from collections.abc import Iterator
from contextlib import contextmanager

from messaging.providers.interface import Accepted, Answer, Courier, Outgoing, Provider


class SandboxCourier(Courier):
    def send(self, outgoing: Outgoing) -> Answer:
        return Accepted(id=f"sandbox-{outgoing.message_id}", words="Kept in the Outbox; nothing has left.")


class Sandbox(Provider):
    name = "sandbox"
    label = "Sandbox"
    HONOURS_KEYS = True

    @contextmanager
    def courier(self) -> Iterator[Courier]:
        yield SandboxCourier()
