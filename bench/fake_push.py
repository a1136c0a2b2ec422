"""A push service that is as bad as real ones are.

Of a hundred pushes, BADNESS are answered by 429, as many late, and half as many each by 503, or not at all after they
were taken. A message is known by the topic of its push.
"""

import asyncio
import re

from bench.fake_server import FakeServer, hang_up, run, say

_TOPIC = re.compile(rb"^topic: *rapport-(\d+)", re.IGNORECASE | re.MULTILINE)


class FakePush(FakeServer):
    SEED = 3

    async def answer(self, head: bytes, body: bytes, began: float, writer: asyncio.StreamWriter) -> bool:
        luck = self.luck()
        if luck < 2 * self.badness:
            return say(writer, "429 Too Many Requests", more="Retry-After: 1\r\n")
        if luck < 3 * self.badness:
            return say(writer, "503 Service Unavailable", more="Retry-After: 1\r\n")
        self.note(_TOPIC.search(head), began)
        if luck < 4 * self.badness:
            return hang_up(writer)
        if luck < 6 * self.badness:
            await asyncio.sleep(0.2)
        return say(writer, "201 Created", more="Location: /m/1\r\n")


if __name__ == "__main__":
    run(FakePush)
