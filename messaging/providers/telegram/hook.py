"""Updates of the bot (core.telegram.org/bots/api#update): /start, /stop, blocking, and clicks on buttons.

The webhook is set with `secret_token` = TELEGRAM_SECRET, which Telegram sends back in a header.
"""

import datetime
import hmac
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now

from activity.catalogue import Channel
from messaging.credentials.reading import credential
from messaging.providers.joining import contact_of
from messaging.receipts import Told
from messaging.tellings import Telling
from messaging.webhooks.interface import Forged, Unreadable


def read(request: HttpRequest) -> list[Told]:
    """Raises `Forged` and `Unreadable`."""
    given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    secret = credential("TELEGRAM_SECRET")
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise Forged
    try:
        update = json.loads(request.body)
        return list(_told(update, str(update["update_id"])))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable from error


def _told(update: dict[str, Any], event_id: str) -> Iterator[Told]:
    if message := update.get("message"):
        yield from _said(update, event_id, message)
    if (member := update.get("my_chat_member")) and member["new_chat_member"]["status"] in ("kicked", "left"):
        yield _left(update, event_id, member["chat"]["id"], member["date"], "")
    if click := update.get("callback_query"):
        at = click["message"]
        yield Told(
            event_id,
            Telling.CLICKED,
            now(),
            provider_id=f"{at['chat']['id']}:{at['message_id']}",
            details={"button": str(click.get("data", ""))},
            raw=update,
        )


def _said(update: dict[str, Any], event_id: str, message: dict[str, Any]) -> Iterator[Told]:
    said, _space, rest = str(message.get("text", "")).partition(" ")
    # In groups they have the bot's name behind them, and keyboards of phones begin by a capital.
    command = said.strip().partition("@")[0].lower()
    chat = message["chat"]["id"]
    if command == "/stop":
        yield _left(update, event_id, chat, message["date"], command)
    found = contact_of(rest.strip(), "telegram") if command == "/start" else None
    if found and message["chat"].get("type") == "private":
        contact_id, signed_at = found
        details: dict[str, Any] = {"channel": Channel.TELEGRAM, "contact": contact_id, "address": str(chat)}
        details["signed_at"] = signed_at
        yield Told(
            event_id,
            Telling.JOINED,
            _time(message["date"]),
            words=command,
            details=details,
            raw=update,
        )


def _left(update: dict[str, Any], event_id: str, chat: int, date: int, words: str) -> Told:
    details = {"channel": Channel.TELEGRAM, "address": str(chat)}
    return Told(event_id, Telling.LEFT, _time(date), words=words or "blocked", details=details, raw=update)


def _time(date: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(date, datetime.UTC)
