"""Viber's REST API, as bad as real ones are.

Of a hundred messages, BADNESS are refused as too many, as many answered late, and half as many each by an error or not
at all, after they were taken. A message is known by its receiver, which is the number of its contact.
"""

import asyncio
import re

from bench.fake_server import FakeServer, hang_up, run, say

_RECEIVER = re.compile(rb'"receiver": *"(\d+)"')


class FakeViber(FakeServer):
    SEED = 5

    async def answer(self, head: bytes, body: bytes, began: float, writer: asyncio.StreamWriter) -> bool:
        luck, receiver = self.luck(), _RECEIVER.search(body)
        if luck < 2 * self.badness:
            return say(writer, "200 OK", b'{"status": 12, "status_message": "tooManyRequests"}')
        self.note(receiver, began)
        if luck < 3 * self.badness:
            return say(writer, "500 Internal Server Error", b"{}")
        if luck < 4 * self.badness:
            return hang_up(writer)
        if luck < 6 * self.badness:
            await asyncio.sleep(0.2)
        token = receiver[1] if receiver else b"0"
        return say(writer, "200 OK", b'{"status": 0, "status_message": "ok", "message_token": %s}' % token)


if __name__ == "__main__":
    run(FakeViber)
