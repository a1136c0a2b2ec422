import sys
from contextlib import suppress


def say(text: str) -> None:
    """A line for the person at the terminal, which may have been closed."""
    with suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
