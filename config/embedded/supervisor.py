import os
import signal
import time
from collections.abc import Callable, Sequence

from config.embedded import processes
from config.embedded.child import Child
from config.embedded.errors import StartError
from config.embedded.interruptions import Interruptions
from config.embedded.parts import Part
from config.embedded.sharing import Service
from config.embedded.site import MARK, Site
from config.embedded.terminal import say

TICK_SECONDS = 0.1
# Uploads and a worker's chunk may finish; what takes longer is taken up again after the next start.
STOP_SECONDS = 7.0
MEND_SECONDS = 10.0
HOPELESS = 3


class Supervisor:
    """Keeps the parts of a site and its services running until it is interrupted, then ends the parts."""

    def __init__(self, site: Site, parts: Sequence[Part], *, when_ready: Callable[[], None]) -> None:
        self._site = site
        self._children = [Child(part, site.folder) for part in parts]
        self._when_ready: Callable[[], None] | None = when_ready
        self._next_mend = 0.0

    def run(self) -> None:
        """Raises StartError where a part ends again and again before the site ever answered."""
        with Interruptions() as interruptions:
            try:
                while not interruptions.count:
                    self._tend()
                    time.sleep(TICK_SECONDS)
                say("Stopping (Ctrl-C again hurries)")
            finally:
                self._end(interruptions)

    def _tend(self) -> None:
        for child in self._children:
            if how := child.bury():
                self._despair(child)
                say(f"{child.part.title} ended {how}; starting it again ({child.log} says why)")
            if child.due():
                child.start(self._environ())
        for service in self._site.attachment.services:
            if not service.alive() and time.monotonic() >= self._next_mend:
                self._mend(service)
        if self._when_ready and self._site.address.answers():
            self._when_ready()
            self._when_ready = None

    def _environ(self) -> dict[str, str]:
        return {**os.environ, MARK: str(self._site.folder.root), "PYTHONUNBUFFERED": "1"}

    def _despair(self, child: Child) -> None:
        if self._when_ready and child.failures >= HOPELESS:
            raise StartError(f"{child.part.title} does not start: {child.log} says why.")

    def _mend(self, service: Service) -> None:
        say(f"{service.name} ended; starting it again")
        try:
            self._site.attachment.share.mend(service, patience=MEND_SECONDS)
        except StartError as error:
            say(str(error))
            self._next_mend = time.monotonic() + MEND_SECONDS
            return
        if os.environ[service.variable] != service.url:  # another program took its port meanwhile
            os.environ[service.variable] = service.url
            for child in self._children:
                child.ask_to_end()

    def _end(self, interruptions: Interruptions) -> None:
        for child in self._children:
            child.ask_to_end()
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.running() for child in self._children) and time.monotonic() < deadline:
            if interruptions.count > 1:
                break
            time.sleep(TICK_SECONDS)
        rest = processes.marked(MARK, str(self._site.folder.root))
        processes.end(rest, sign=signal.SIGKILL, patience=5)
        for child in self._children:
            child.bury()
