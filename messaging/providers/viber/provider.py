"""Viber's REST API for bots (developers.viber.com/docs/api/rest-bot-api/#send-message).

Viber knows people by an id of its own, which it gives once they have subscribed to the bot; blacklists know them by
their phone number.
"""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from messaging.credentials.reading import credential
from messaging.providers import http
from messaging.providers.interface import Accepted, Answer, NotSent, Outgoing, Refused
from messaging.tellings import Telling

API = "https://chatapi.viber.com"
# developers.viber.com/docs/api/rest-bot-api/#error-codes
_OK, _NOT_REGISTERED, _NOT_SUBSCRIBED, _NO_DEVICE, _TOO_MANY = 0, 5, 6, 11, 12
# The bot's own: its token, its account, its webhook, its balance.
_OURS = (2, 7, 8, 9, 10, 15, 24)
_LONGEST_NAME = 28


class ViberCourier(http.HttpCourier):
    def send(self, outgoing: Outgoing) -> Answer:
        if not outgoing.account:
            return Refused(
                True, _("Viber has given no id for this person: they have not opened the bot."), Telling.FAILED
            )
        headers = {"X-Viber-Auth-Token": credential("VIBER_TOKEN")}
        url = f"{settings.VIBER_API or API}/pa/send_message"
        answer = http.call(self.http, url, json=parameters(outgoing), headers=headers)
        return _meaning(answer) if isinstance(answer, http.Answered) else answer


def parameters(outgoing: Outgoing) -> dict[str, Any]:
    """The body of the request."""
    rendered = outgoing.rendered
    body: dict[str, Any] = {
        "receiver": outgoing.account,
        "min_api_version": 1,
        "sender": {"name": (outgoing.sender_name or settings.VIBER_NAME)[:_LONGEST_NAME]},
        "type": "picture" if rendered.image else "text",
        "text": rendered.text,
    }
    if rendered.image:
        body["media"] = rendered.image
    if rendered.button:
        button = {"ActionType": "open-url", "ActionBody": rendered.link, "Text": rendered.button}
        body["keyboard"] = {"Type": "keyboard", "Buttons": [button]}
    return body


def _meaning(answer: http.Answered) -> Answer:
    status = answer.body.get("status")
    words = f"{status} {answer.body.get('status_message', '')}".strip() if status is not None else answer.text
    if status == _OK:
        return Accepted(str(answer.body.get("message_token", "")), words)
    if status == _TOO_MANY:
        return Refused(False, words, wait=1.0)
    if status in _OURS:
        return NotSent(words)
    telling = {_NOT_REGISTERED: Telling.HARD, _NOT_SUBSCRIBED: Telling.FAILED, _NO_DEVICE: Telling.FAILED}
    return Refused(True, words, telling.get(status or -1, Telling.REJECTED), left=status == _NOT_SUBSCRIBED)


class Viber(http.HttpProvider):
    name = "viber"
    label = "Viber"
    COURIER = ViberCourier
    NEEDS_ACCOUNT = True
