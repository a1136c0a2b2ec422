"""What the fake providers share: `python -m bench.fake_… PORT LOG BADNESS`, one line of LOG a message taken."""

import asyncio
import re
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path
from random import Random
from typing import TextIO

_LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)


class FakeServer(ABC):
    """Speaks HTTP over connections that stay open. `luck` is below 200, unless all is well."""

    SEED = 1

    def __init__(self, log: TextIO, badness: int) -> None:
        self._log = log
        self._random = Random(self.SEED)
        self.badness = badness

    @abstractmethod
    async def answer(self, head: bytes, body: bytes, began: float, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection stays open."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._take(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        began, length = time.time(), _LENGTH.search(head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        return await self.answer(head, body, began, writer)

    def luck(self) -> int:
        return self._random.randrange(200) if self.badness else 200

    def note(self, number: re.Match[bytes] | None, began: float) -> None:
        """Keeps that a message was taken, and when its call began."""
        self._log.write(f"{number[1].decode() if number else 0} {began}\n")
        self._log.flush()


def say(writer: asyncio.StreamWriter, status: str, body: bytes = b"", more: str = "") -> bool:
    writer.write(f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return True


def hang_up(writer: asyncio.StreamWriter) -> bool:
    writer.transport.abort()
    return False


def run(server: type[FakeServer]) -> None:
    """Until it is killed."""
    asyncio.run(_run(server, int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))


async def _run(kind: type[FakeServer], port: int, log: Path, badness: int) -> None:
    with log.open("a") as file:
        server = await asyncio.start_server(kind(file, badness).serve, "127.0.0.1", port)
        print("ready", flush=True)
        async with server:
            await server.serve_forever()
