"""A Bot API that is as bad as real ones are.

Of a hundred messages, BADNESS are answered by 429, as many late, and half as many each by an error or not at all, after
they were taken. A message is known by its chat, which is the number of its contact.
"""

import asyncio
import re

from bench.fake_server import FakeServer, hang_up, run, say

_CHAT = re.compile(rb'"chat_id": *"(\d+)"')
_TOO_MANY = b'{"ok": false, "error_code": 429, "parameters": {"retry_after": 1}}'


class FakeTelegram(FakeServer):
    SEED = 4

    async def answer(self, head: bytes, body: bytes, began: float, writer: asyncio.StreamWriter) -> bool:
        luck = self.luck()
        if luck < 2 * self.badness:
            return say(writer, "429 Too Many Requests", _TOO_MANY)
        self.note(_CHAT.search(body), began)
        if luck < 3 * self.badness:
            return say(writer, "502 Bad Gateway", b"{}")
        if luck < 4 * self.badness:
            return hang_up(writer)
        if luck < 6 * self.badness:
            await asyncio.sleep(0.2)
        return say(writer, "200 OK", b'{"ok": true, "result": {"message_id": 1}}')


if __name__ == "__main__":
    run(FakeTelegram)
