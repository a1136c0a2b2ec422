"""Telegram: requests as the Bot API has them, what its answers mean, and updates of the bot."""

import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from activity.catalogue import Channel
from activity.models import AuditEntry
from contacts.models import Contact
from messaging.content.render import Rendered
from messaging.models import Message, Receipt
from messaging.providers.interface import Accepted, Answer, NotSent, Outgoing, Refused
from messaging.providers.joining import contact_of
from messaging.providers.joining import token_of as signed
from messaging.providers.telegram.links import join_url
from messaging.providers.telegram.provider import Telegram
from messaging.states import State
from messaging.tellings import Telling
from subscriptions.models import Subscription
from subscriptions.policy import Closed
from tests.factories import ContactFactory
from tests.messaging.messages import launch, statuses
from tests.messaging.servers import Called, http_server
from tests.subscriptions.consent import closed


def token_of(contact: Contact, age: float = 60) -> str:
    return signed(contact.pk, "telegram", int(time.time() - age))


OUTGOING = Outgoing(7, Channel.TELEGRAM, "99", "", Rendered(html="<b>Привіт</b>", text="Привіт"), "rapport-7")


@pytest.fixture(autouse=True)
def _bot(settings: Settings) -> None:
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET, settings.TELEGRAM_BOT = "1:abc", "secret", "shop_bot"


@pytest.fixture
def api(settings: Settings) -> Iterator[Called]:
    with http_server() as called:
        settings.TELEGRAM_API = called.url
        yield called


def send(outgoing: Outgoing = OUTGOING) -> Answer:
    with Telegram().courier() as courier:
        return courier.send(outgoing)


def test_the_request_is_the_bot_apis_byte_for_byte(api: Called) -> None:
    api.body = b'{"ok": true, "result": {"message_id": 4711}}'

    assert send() == Accepted("99:4711")

    ((path, headers, body),) = api.requests
    assert (path, headers["Content-Type"]) == ("/bot1:abc/sendMessage", "application/json")
    assert body == '{"chat_id":"99","text":"<b>Привіт</b>","parse_mode":"HTML"}'.encode()


@pytest.mark.parametrize(
    ("status", "description", "answer"),
    [
        (403, "Forbidden: bot was blocked by the user", {"telling": Telling.FAILED, "left": True}),
        (400, "Bad Request: chat not found", {"telling": Telling.HARD}),
        (400, "Bad Request: can't parse entities", {"telling": Telling.REJECTED}),
    ],
)
def test_refusals(api: Called, status: int, description: str, answer: dict[str, Any]) -> None:
    api.status, api.body = status, json.dumps({"ok": False, "description": description}).encode()

    assert send() == Refused(True, f"{status} {description}", **answer)


def test_a_rate_that_is_too_high_waits_as_long_as_it_is_asked_to(api: Called) -> None:
    api.status, api.body = 429, b'{"ok": false, "parameters": {"retry_after": 14}}'
    answer = send()
    assert isinstance(answer, Refused)
    assert (answer.permanent, answer.wait) == (False, 14.0)
    api.status, api.body = 401, b'{"ok": false, "description": "Unauthorized"}'
    assert send() == NotSent("401 Unauthorized")


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:1"])
def test_no_log_has_the_bots_token(
    api: Called, settings: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], url: str
) -> None:
    """It stands in the address, which is what libraries log."""
    api.status, api.body = 400, b'{"ok": false, "description": "Bad Request"}'
    settings.TELEGRAM_API = url or api.url
    caplog.set_level(logging.DEBUG)
    answer = send()

    assert "abc" not in f"{answer}{caplog.text}{capfd.readouterr()}"


class TestUpdates:
    @staticmethod
    def call(update: dict[str, Any], secret: str = "secret") -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        answer = Client().post("/hooks/telegram/", update, content_type="application/json", headers=headers)
        return answer.status_code

    @staticmethod
    def said(text: str, number: int = 1) -> dict[str, Any]:
        chat = {"id": 99, "type": "private"}
        return {"update_id": number, "message": {"message_id": 1, "date": 1767225600, "chat": chat, "text": text}}

    @pytest.mark.django_db
    @pytest.mark.parametrize("stop", ["/stop", "/STOP", "/stop@shop_bot", "/Stop please"])
    def test_start_and_stop_and_blocking(self, stop: str) -> None:
        contact = ContactFactory.create()
        token = token_of(contact)
        assert join_url(7, 9) == f"https://t.me/shop_bot?start={signed(7, 'telegram', 9)}"

        for _twice in range(2):
            assert self.call(self.said(f"/start {token}")) == 204
        assert closed(contact, Channel.TELEGRAM) == []
        assert Subscription.objects.get().address == "99"

        self.call(self.said(stop, 2))
        self.call(self.said(f"/start {token}"))  # replayed: it was told before
        assert closed(contact, Channel.TELEGRAM) == [Closed.UNSUBSCRIBED]

        late = self.said(f"/start {token}", 3)  # somebody has the old link still, and presses Start today
        late["message"]["date"] = int(time.time()) + 60
        self.call(late)
        assert closed(contact, Channel.TELEGRAM) == [Closed.UNSUBSCRIBED]
        self.call(self.said(f"/start {token_of(contact, age=-2)}", 6))  # by a link made since
        assert closed(contact, Channel.TELEGRAM) == []
        member = {"chat": {"id": 99}, "date": 1767225600, "new_chat_member": {"status": "kicked"}}
        self.call({"update_id": 4, "my_chat_member": member})
        assert closed(contact, Channel.TELEGRAM) == [Closed.UNSUBSCRIBED]

    @pytest.mark.django_db
    def test_that_messages_go_to_another_chat_is_kept(self) -> None:
        contact = ContactFactory.create()
        for number, chat in enumerate((99, 99, 100)):
            update = self.said(f"/start {token_of(contact)}", number)
            update["message"]["chat"]["id"] = chat
            self.call(update)
        assert Subscription.objects.get().address == "100"
        assert list(AuditEntry.objects.values_list("verb", "details__channel").order_by("pk")) == [
            ("subscription.subscribe", "telegram"),
            ("subscription.readdress", "telegram"),
        ]

    def test_a_click_is_of_the_message_in_that_chat(self, contact: Contact) -> None:
        message = launch(contact)
        values = {
            "channel": Channel.TELEGRAM,
            "provider": "telegram",
            "provider_id": "99:4711",
            "state": State.DELIVERED,
        }
        Message.objects.update(**values)

        self.call(
            {"update_id": 5, "callback_query": {"message": {"message_id": 4711, "chat": {"id": 99}}, "data": "a"}}
        )

        assert statuses(message) == ["click"]

    @pytest.mark.django_db
    def test_what_is_forged_or_unreadable_changes_nothing(self) -> None:
        contact = ContactFactory.create()
        assert self.call(self.said(f"/start {token_of(contact)}"), secret="guess") == 403
        assert self.call({"message": {}}) == 400
        assert self.call(self.said(f"/start {contact.pk}-AAAAAAAAAAAAAAAAAAAAAA")) == 204
        assert self.call(self.said(f"/start {token_of(contact, age=91 * 24 * 3600)}", 7)) == 204
        assert contact_of(token_of(contact)[:-1] + "!", "telegram") is None
        assert Receipt.objects.count() == 0
