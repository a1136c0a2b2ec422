import fcntl
import os
from pathlib import Path
from types import TracebackType


class Lock:
    """A lock between processes, which the system lets go when its holder ends, however it ends. It can hold a note."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def wait(self, *, shared: bool = False) -> None:
        fcntl.flock(self._file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def try_alone(self) -> bool:
        """True: held, by nobody else. False: others hold it; a shared hold on it may be lost by asking."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def note(self, text: str) -> None:
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

    def read_note(self) -> str:
        return os.pread(self._file, 4096, 0).decode()

    def __enter__(self) -> "Lock":
        self.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
