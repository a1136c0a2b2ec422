"""An SMS provider that is as bad as real ones are.

Of a hundred messages, BADNESS are answered by 429, as many late, and half as many each by an error or not at all, after
they were taken.
"""

import asyncio
import re

from bench.fake_server import FakeServer, hang_up, run, say

_NUMBER = re.compile(rb"message%3D(\d+)")


class FakeTwilio(FakeServer):
    SEED = 2

    async def answer(self, head: bytes, body: bytes, began: float, writer: asyncio.StreamWriter) -> bool:
        luck, number = self.luck(), _NUMBER.search(body)
        if luck < 2 * self.badness:
            return say(writer, "429 Too Many Requests", b"{}", "Retry-After: 1\r\n")
        self.note(number, began)
        if luck < 3 * self.badness:
            return say(writer, "500 Internal Server Error", b"{}")
        if luck < 4 * self.badness:
            return hang_up(writer)
        if luck < 6 * self.badness:
            await asyncio.sleep(0.2)
        return say(writer, "201 Created", b'{"sid": "SM%s", "status": "queued"}' % (number[1] if number else b"0"))


if __name__ == "__main__":
    run(FakeTwilio)
