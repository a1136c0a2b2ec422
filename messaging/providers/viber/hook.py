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
from messaging.credentials.reading import credential
from messaging.providers.joining import contact_of, signed
from messaging.receipts import Told
from messaging.tellings import Telling
from messaging.webhooks.interface import Forged, Unreadable

_TELLINGS = {"delivered": Telling.DELIVERED, "seen": Telling.OPENED, "failed": Telling.FAILED}


def read(request: HttpRequest) -> list[Told]:
    """Raises `Forged` and `Unreadable`."""
    given = request.headers.get("X-Viber-Content-Signature", "")
    if not credential("VIBER_TOKEN") or not hmac.compare_digest(given.encode(), signature(request.body).encode()):
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
        # With the link's time: what is said later counts as of then, and not as of when it is said.
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
    return hmac.digest(credential("VIBER_TOKEN").encode(), body, "sha256").hex()


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
    if event == "message":
        yield from _said(callback, event_id, at)


def _said(callback: dict[str, Any], event_id: str, at: datetime.datetime) -> Iterator[Told]:
    """What a person writes: STOP, or anything else behind our question."""
    said, account = callback["message"], str(callback["sender"]["id"])
    token = str(said.get("tracking_data", ""))
    details: dict[str, Any] = {"channel": Channel.VIBER}
    if str(said.get("text", "")).strip().lower() in _STOP:
        # Also who has not joined yet, or by another account, is not to be written to.
        found = signed(token, "viber")
        details |= {"account": account} | ({"contact": found[0]} if found else {})
        yield Told(event_id, Telling.LEFT, at, words="STOP", details=details, raw=callback)
    elif found := contact_of(token, "viber"):
        details |= {"contact": found[0], "address": account, "signed_at": found[1]}
        yield Told(event_id, Telling.JOINED, at, words=welcome(), details=details, raw=callback)
