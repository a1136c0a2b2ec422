import atexit
import os
from collections.abc import Sequence
from typing import Protocol

from config.embedded.folder import Folder
from config.embedded.interruptions import Interruptions


class Service(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def variable(self) -> str: ...

    @property
    def url(self) -> str: ...

    def alive(self) -> bool: ...

    def ensure(self, *, patience: float = ...) -> None: ...

    def stop(self) -> None: ...


class Share:
    """A process's part in the services of a folder. Whoever leaves last stops them, whoever started them.

    Users hold a shared lock for as long as they live; joining, starting and stopping happen one process at a time.
    """

    def __init__(self, folder: Folder, services: Sequence[Service]) -> None:
        self._services = services
        self._users = folder.lock("users")
        self._change = folder.lock("change")
        self._owner = os.getpid()

    def join(self, needed: Sequence[Service]) -> None:
        """Returns when the needed services answer; leaves at the end of the process. Raises StartError."""
        atexit.register(self.leave)
        with self._change:
            self._users.wait(shared=True)
            for service in needed:
                service.ensure()

    def mend(self, service: Service, *, patience: float) -> None:
        """Starts a service that ended while it was in use. Raises StartError."""
        with self._change:
            service.ensure(patience=patience)

    def leave(self) -> None:
        if os.getpid() != self._owner:  # a fork of the process that joined
            return
        atexit.unregister(self.leave)
        with Interruptions(), self._change:  # a second Ctrl-C must not leave half-stopped servers
            if self._users.try_alone():
                for service in self._services:
                    service.stop()
            self._users.release()
