"""A mail server that takes everything and remembers who was to get it; it can be as bad as real ones are.

`python -m bench.sink PORT LOG [BADNESS]`: each accepted mail is a line of LOG: the number of its
message and when the call began. Of a hundred mails BADNESS are refused for now, as many are answered late, and half as
many are accepted without an answer.
"""

import asyncio
import re
import sys
import time
from pathlib import Path
from random import Random
from typing import TextIO

_ID = re.compile(rb"^message-id: *<rapport-(\d+)@", re.IGNORECASE | re.MULTILINE)


class Sink:
    def __init__(self, log: TextIO, badness: int) -> None:
        self._log = log
        self._badness = badness
        self._random = Random(1)
        self._began: dict[asyncio.StreamWriter, float] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._began.pop(writer, None)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper().strip()
            if verb == b"MAIL":
                self._began[writer] = time.time()
            if verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            if verb == b"EHLO":
                writer.write(b"250-sink\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250 8BITMIME\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                mail = await reader.readuntil(b"\r\n.\r\n")
                if not await self._answer(mail, writer):
                    return
            else:
                writer.write(b"250 ok\r\n")

    async def _answer(self, mail: bytes, writer: asyncio.StreamWriter) -> bool:
        luck = self._random.randrange(100) if self._badness else 100
        if luck < self._badness:
            writer.write(b"451 4.3.0 later\r\n")
            return True
        found = _ID.search(mail)
        self._log.write(f"{found[1].decode() if found else 0} {self._began[writer]}\n")
        self._log.flush()
        if luck < 2 * self._badness:
            await asyncio.sleep(0.2)
        elif luck < 2.5 * self._badness:
            writer.transport.abort()
            return False
        writer.write(b"250 2.0.0 taken\r\n")
        return True


async def main(port: int, log: Path, badness: int) -> None:
    with log.open("a") as file:
        server = await asyncio.start_server(Sink(file, badness).serve, "127.0.0.1", port, limit=10_000_000)
        print("ready", flush=True)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0))
