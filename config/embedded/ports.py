import random
import socket
from pathlib import Path

from config.embedded.errors import StartError

LOOPBACK = "127.0.0.1"
# Below the range from which systems take ports for outgoing connections, so that a kept one stays free between starts.
RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def kept(path: Path) -> int | None:
    """The port that `path` remembers, if it does."""
    try:
        return int(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


def keep_free(path: Path) -> int:
    """The port that `path` remembers if it is free, else another free one, remembered there from now on."""
    port = kept(path)
    if port is not None and is_free(port):
        return port
    for candidate in random.sample(RANGE, 200):
        if is_free(candidate):
            path.write_text(str(candidate))
            return candidate
    raise StartError(f"No free port was found on {LOOPBACK} for the built-in PostgreSQL and Valkey.")
