"""Telegram's Bot API (core.telegram.org/bots/api#sendmessage)."""

from typing import Any

from django.conf import settings

from messaging.credentials.reading import credential
from messaging.providers import http
from messaging.providers.interface import Accepted, Answer, NotSent, Outgoing, Refused
from messaging.tellings import Telling

API = "https://api.telegram.org"
# As the descriptions begin; the API gives no finer codes.
_GONE = ("Bad Request: chat not found", "Bad Request: user not found", "Forbidden: user is deactivated")
_LEFT = ("Forbidden: bot was blocked by the user", "Forbidden: bot can't initiate conversation with a user")


class TelegramCourier(http.HttpCourier):
    def send(self, outgoing: Outgoing) -> Answer:
        url = f"{settings.TELEGRAM_API or API}/bot{credential('TELEGRAM_TOKEN')}/sendMessage"
        answer = http.call(self.http, url, json=parameters(outgoing))
        if isinstance(answer, Refused):  # by the rate; how long to wait stands in the body, not in a header
            return Refused(False, answer.words, wait=_wait(answer))
        if not isinstance(answer, http.Answered):
            return answer
        result = answer.body.get("result")
        if answer.body.get("ok") is True and isinstance(result, dict):
            return Accepted(f"{outgoing.address}:{result.get('message_id')}")
        return _refusal(answer)


def parameters(outgoing: Outgoing) -> dict[str, Any]:
    """The body of the request."""
    rendered = outgoing.rendered
    if rendered.html:
        return {"chat_id": outgoing.address, "text": rendered.html, "parse_mode": "HTML"}
    return {"chat_id": outgoing.address, "text": rendered.text}


def _refusal(answer: http.Answered) -> Answer:
    words = f"{answer.status} {answer.body.get('description') or answer.text}".strip()
    said = str(answer.body.get("description", ""))
    if answer.status in (401, 404):  # our token, and no fault of the message
        return NotSent(words)
    if said.startswith(_LEFT):
        return Refused(True, words, Telling.FAILED, left=True)
    return Refused(True, words, Telling.HARD if said.startswith(_GONE) else Telling.REJECTED)


def _wait(refused: Refused) -> float:
    found = http.object_of(refused.words).get("parameters")
    seconds = found.get("retry_after") if isinstance(found, dict) else None
    return float(seconds) if isinstance(seconds, int | float) else refused.wait or 1.0


class Telegram(http.HttpProvider):
    name = "telegram"
    label = "Telegram"
    COURIER = TelegramCourier
    # What the API has taken stands in the chat.
    CONFIRMS = False
