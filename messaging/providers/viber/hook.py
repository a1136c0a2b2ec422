"""Callbacks of Viber (developers.viber.com/docs/api/rest-bot-api/#callbacks).

Who opens the bot by our link is asked to write something, which subscribes them; Viber then gives back the signed word
that came with the question.
"""

import datetime
import hmac
import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from activity.catalogue import Channel
from messaging.providers.joining import contact_of
from messaging.receipts import Told
from messaging.tellings import Telling
from messaging.webhooks.interface import Forged, Unreadable

_TELLINGS = {"delivered": Telling.DELIVERED, "seen": Telling.OPENED, "failed": Telling.FAILED}


def read(request: HttpRequest) -> list[Told]:
    """Raises `Forged` and `Unreadable`."""
    given = request.headers.get("X-Viber-Content-Signature", "")
    if not settings.VIBER_TOKEN or not hmac.compare_digest(given.encode(), signature(request.body).encode()):
        raise Forged
    try:
        return list(_told(json.loads(request.body)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable from error


def answer(request: HttpRequest) -> dict[str, Any] | None:
    """What a person is told who opens the bot by our link."""
    callback = json.loads(request.body)
    token = str(callback.get("context", ""))
    if callback.get("event") != "conversation_started" or contact_of(token, "viber") is None:
        return None
    return {
        "sender": {"name": settings.VIBER_NAME},
        "tracking_data": token,
        "type": "text",
        "text": welcome(),
    }


# What people write to get nothing more; asked for anything, nobody is taken for a subscriber by it.
_STOP = frozenset({"stop", "/stop", "unsubscribe", "стоп"})


def welcome() -> str:
    return _("Write anything to get our messages here.")


def signature(body: bytes) -> str:
    """HMAC-SHA-256 of the body by the bot's token, in hexadecimal digits."""
    return hmac.digest(settings.VIBER_TOKEN.encode(), body, "sha256").hex()


def _told(callback: dict[str, Any]) -> Iterator[Told]:
    event, token = str(callback["event"]), str(callback.get("message_token", ""))
    at = datetime.datetime.fromtimestamp(callback["timestamp"] / 1000, datetime.UTC)
    event_id = f"{event}:{token}"
    if event in _TELLINGS:
        words = str(callback.get("desc", ""))
        yield Told(event_id, _TELLINGS[event], at, provider_id=token, words=words, raw=callback)
    if event == "unsubscribed":
        details = {"channel": Channel.VIBER, "account": str(callback["user_id"])}
        yield Told(event_id, Telling.LEFT, at, words=event, details=details, raw=callback)
    if event == "message" and str(callback["message"].get("text", "")).strip().lower() in _STOP:
        details = {"channel": Channel.VIBER, "account": str(callback["sender"]["id"])}
        yield Told(event_id, Telling.LEFT, at, words="STOP", details=details, raw=callback)
    elif event == "message":
        contact_id = contact_of(str(callback["message"].get("tracking_data", "")), "viber")
        if contact_id is not None:
            details = {"channel": Channel.VIBER, "contact": contact_id, "address": str(callback["sender"]["id"])}
            yield Told(event_id, Telling.JOINED, at, words=welcome(), details=details, raw=callback)
