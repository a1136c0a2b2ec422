"""An SMS provider that is as bad as real ones are: `python -m bench.fake_twilio PORT LOG BADNESS`.

Each message that it takes is a line of LOG: its number and when the call began. Of a hundred, BADNESS are answered by
429, as many late, and half as many each by an error or not at all, after they were taken.
"""

import asyncio
import re
import sys
import time
from pathlib import Path
from random import Random
from typing import TextIO

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_NUMBER = re.compile(rb"message%3D(\d+)")


class Twilio:
    def __init__(self, log: TextIO, badness: int) -> None:
        self._log = log
        self._badness = badness
        self._random = Random(2)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                began = time.time()
                length = _LENGTH.search(head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                if not await self._answer(body, began, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, body: bytes, began: float, writer: asyncio.StreamWriter) -> bool:
        luck = self._random.randrange(100) if self._badness else 100
        if luck < self._badness:
            return _say(writer, "429 Too Many Requests", b"{}", "Retry-After: 1\r\n")
        number = _NUMBER.search(body)
        self._log.write(f"{number[1].decode() if number else 0} {began}\n")
        self._log.flush()
        if luck < 1.5 * self._badness:
            return _say(writer, "500 Internal Server Error", b"{}")
        if luck < 2 * self._badness:
            writer.transport.abort()
            return False
        if luck < 3 * self._badness:
            await asyncio.sleep(0.2)
        return _say(writer, "201 Created", b'{"sid": "SM%s", "status": "queued"}' % (number[1] if number else b"0"))


def _say(writer: asyncio.StreamWriter, status: str, body: bytes, more: str = "") -> bool:
    writer.write(f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return True


async def main(port: int, log: Path, badness: int) -> None:
    with log.open("a") as file:
        server = await asyncio.start_server(Twilio(file, badness).serve, "127.0.0.1", port)
        print("ready", flush=True)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
