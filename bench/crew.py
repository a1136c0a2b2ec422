"""The real worker and the real timetable, to be killed and started again."""

import os
import signal
import subprocess
import time
from contextlib import suppress

from bench.stand import Stand
from config.embedded import processes
from config.embedded.address import Address
from config.embedded.folder import PROJECT
from config.embedded.parts import parts

_PARTS = {part.name: part for part in parts(Address("127.0.0.1", 8000), {})}


class Crew:
    """A worker and beat on a database, each with all of its processes in a group of its own."""

    def __init__(self, stand: Stand, database: str, *, lease_seconds: float, **environ: str) -> None:
        self._folder = stand.folder
        self._environ = {
            **os.environ,
            "DATABASE_URL": stand.url(database),
            "TRANSFER_LEASE_SECONDS": str(lease_seconds),
            **environ,
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        self._running[name] = processes.launch(
            _PARTS[name].command, log=self._folder / "logs" / f"{name}.log", folder=PROJECT, environ=self._environ
        )

    def kill(self, name: str) -> None:
        """Ends all processes of a part at once, wherever they are."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for name in list(self._running):
            self.kill(name)


def crash_postgres(stand: Stand) -> None:
    """Ends PostgreSQL as `pg_ctl stop --mode=immediate` does, and starts it: it must recover from its log."""
    postgres = next(service for service in stand.attachment.services if service.variable == "DATABASE_URL")
    pid = int((stand.folder / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGQUIT)
    while postgres.alive():
        time.sleep(0.02)
    stand.attachment.share.mend(postgres, patience=60)
