import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress

from config.embedded import processes
from config.embedded.folder import PROJECT, Folder
from config.embedded.parts import Part

LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0


class Child:
    """A part of the site that is kept running: started again when it ends, after ever longer pauses."""

    def __init__(self, part: Part, folder: Folder) -> None:
        self.part = part
        self.failures = 0
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._next_start = 0.0

    @property
    def log(self) -> str:
        return str(self._folder.root / "logs" / f"{self.part.name}.log")

    def start(self, environ: Mapping[str, str]) -> None:
        self._process = processes.launch(
            self.part.command, log=self._folder.log(self.part.name), folder=PROJECT, environ=environ
        )
        self._started = time.monotonic()

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def due(self) -> bool:
        return self._process is None and time.monotonic() >= self._next_start

    def bury(self) -> str | None:
        """How it ended, if it did since the last call; what it left of its own children is ended too."""
        if self._process is None or self._process.poll() is None:
            return None
        code = self._process.returncode
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process = None
        steady = time.monotonic() - self._started > STEADY_SECONDS
        self.failures = 1 if steady else self.failures + 1
        self._next_start = time.monotonic() + min(LONGEST_PAUSE_SECONDS, 2.0 ** (self.failures - 1) - 1)
        return f"by signal {-code}" if code < 0 else f"with status {code}"

    def ask_to_end(self) -> None:
        if self._process is not None:
            self._process.terminate()
