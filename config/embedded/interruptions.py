import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruptions:
    """Counts Ctrl-C, `kill` and the closing of the terminal, instead of letting them break in anywhere."""

    def __init__(self) -> None:
        self.count = 0
        self.last: int | None = None

    def __enter__(self) -> "Interruptions":
        heard = threading.current_thread() is threading.main_thread()  # no other thread is ever interrupted
        self._before = {sign: signal.signal(sign, self._note) for sign in SIGNALS} if heard else {}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sign, handler in self._before.items():
            signal.signal(sign, handler)

    def deliver(self) -> None:
        """Lets what came meanwhile have its usual effect now."""
        if self.last is not None:
            signal.raise_signal(self.last)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.count += 1
        self.last = number


@contextmanager
def deferred() -> Iterator[None]:
    """For what must not be interrupted half-way: starting a process and knowing that one did."""
    with Interruptions() as interruptions:
        yield
    interruptions.deliver()
