"""A push service that is as bad as real ones are: `python -m bench.fake_push PORT LOG BADNESS`.

Each push that it takes is a line of LOG: its message, by the topic, and when the call began. Of a hundred,
BADNESS are answered by 429, as many late, and half as many each by 503, or not at all after they were taken.
"""

import asyncio
import re
import sys
import time
from pathlib import Path
from random import Random
from typing import TextIO

_LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
_TOPIC = re.compile(rb"^topic: *rapport-(\d+)", re.IGNORECASE | re.MULTILINE)


class PushService:
    def __init__(self, log: TextIO, badness: int) -> None:
        self._log = log
        self._badness = badness
        self._random = Random(3)

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
        began, length, topic = time.time(), _LENGTH.search(head), _TOPIC.search(head)
        await reader.readexactly(int(length[1]) if length else 0)
        luck = self._random.randrange(200) if self._badness else 200
        if luck < 2 * self._badness:
            return _say(writer, "429 Too Many Requests", "Retry-After: 1\r\n")
        if luck < 3 * self._badness:
            return _say(writer, "503 Service Unavailable", "Retry-After: 1\r\n")
        self._log.write(f"{topic[1].decode() if topic else 0} {began}\n")
        self._log.flush()
        if luck < 4 * self._badness:
            writer.transport.abort()
            return False
        if luck < 6 * self._badness:
            await asyncio.sleep(0.2)
        return _say(writer, "201 Created", "Location: /m/1\r\n")


def _say(writer: asyncio.StreamWriter, status: str, more: str) -> bool:
    writer.write(f"HTTP/1.1 {status}\r\n{more}Content-Length: 0\r\n\r\n".encode())
    return True


async def main(port: int, log: Path, badness: int) -> None:
    with log.open("a") as file:
        server = await asyncio.start_server(PushService(file, badness).serve, "127.0.0.1", port)
        print("ready", flush=True)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
