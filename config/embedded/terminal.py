import sys
from contextlib import suppress


def say(text: str) -> None:
    """A line for the person at the terminal, which may have been closed."""
    encoding = sys.stdout.encoding or "utf-8"
    with suppress(OSError):
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()
