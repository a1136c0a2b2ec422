"""Twilio: requests as its documents have them, what its answers mean, and callbacks that it has signed."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.content.render import Rendered
from messaging.models import Message, Receipt
from messaging.providers.interface import Accepted, Answer, NotSent, Outgoing, Refused, Unknown
from messaging.providers.twilio.provider import Twilio
from messaging.states import State
from messaging.tellings import Telling
from subscriptions.models import BlacklistEntry
from subscriptions.policy import Closed
from tests.messaging.messages import TEXT, launch, now_, statuses
from tests.messaging.servers import Called, dripping_server, http_server
from tests.subscriptions.consent import closed

OUTGOING = Outgoing(
    message_id=7,
    channel=Channel.SMS,
    address="+380671234567",
    name="",
    rendered=Rendered(text="Привіт & bye+1"),
    key="rapport-7",
)


@pytest.fixture(autouse=True)
def _account(settings: Settings) -> None:
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC0123456789", "token"
    settings.TWILIO_SENDER, settings.SITE_URL = "+15005550006", "https://rapport.example"
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def api(settings: Settings) -> Iterator[Called]:
    with http_server() as called:
        settings.TWILIO_API = called.url
        yield called


def send() -> Answer:
    with Twilio().courier() as courier:
        return courier.send(OUTGOING)


@pytest.mark.parametrize("url", ["http://[", "https://x..example", "twilio", "https://x\n", "http://127.0.0.1:1"])
def test_where_nothing_can_be_called_nothing_was_sent(settings: Settings, url: str) -> None:
    settings.TWILIO_API = url
    assert isinstance(send(), NotSent)


def test_the_request_is_twilios_byte_for_byte(api: Called) -> None:
    api.status, api.body = 201, b'{"sid": "SM1", "status": "queued"}'

    assert send() == Accepted("SM1", "queued")

    ((path, headers, body),) = api.requests
    assert path == "/2010-04-01/Accounts/AC0123456789/Messages.json"
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"AC0123456789:token").decode()
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body == (
        b"To=%2B380671234567&StatusCallback=https%3A%2F%2Frapport.example%2Fhooks%2Ftwilio%2F%3Fmessage%3D7"
        b"&From=%2B15005550006&Body=%D0%9F%D1%80%D0%B8%D0%B2%D1%96%D1%82+%26+bye%2B1"
    )


def test_a_call_ends_before_its_lease_however_slowly_the_server_speaks(settings: Settings) -> None:
    settings.DELIVERY_LEASE_SECONDS = 0.6
    with dripping_server(b"HTTP/1.1 200 OK\r\nX-Slow: ") as port:
        settings.TWILIO_API = f"http://127.0.0.1:{port}"
        began = time.monotonic()
        assert isinstance(send(), Unknown)

    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (400, {"code": 21211, "message": "Invalid"}, Refused(True, "21211 Invalid", Telling.HARD)),
        (400, {"code": 21610, "message": "STOP"}, Refused(True, "21610 STOP", Telling.REJECTED, left=True)),
        (401, {"code": 20003}, NotSent('{"code": 20003}')),
        (429, {"code": 20429}, Refused(False, '{"code": 20429}', wait=7)),
        (503, {}, Unknown("503 {}")),
    ],
)
def test_answers(api: Called, status: int, body: dict[str, object], answer: Answer) -> None:
    api.status, api.body, api.headers = status, json.dumps(body).encode(), {"Retry-After": "7"}

    assert send() == answer


def test_no_answer_leaves_open_whether_it_was_sent(api: Called, settings: Settings) -> None:
    api.drops = True
    assert isinstance(send(), Unknown)
    settings.TWILIO_API = "http://127.0.0.1:1"
    assert isinstance(send(), NotSent)


class TestCallbacks:
    @pytest.fixture
    def message(self, contact: Contact) -> Message:
        message = launch(contact, TEXT)
        Message.objects.update(state=State.SENT, provider="twilio", provider_id="SM1", address=contact.phone)
        return message

    @staticmethod
    def call(message: Message | None = None, *, token: str = "token", **fields: str) -> int:
        path = "/hooks/twilio/" + (f"?message={message.pk}" if message else "")
        fields = {"AccountSid": "AC0123456789", "MessageSid": "SM1"} | fields
        text = f"https://rapport.example{path}" + "".join(f"{key}{fields[key]}" for key in sorted(fields))
        signed = base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
        return Client().post(path, fields, headers={"X-Twilio-Signature": signed}).status_code

    def test_are_kept_and_applied_once(self, message: Message) -> None:
        assert [self.call(message, MessageStatus=status) for status in ("delivered", "sent", "delivered")] == [204] * 3

        assert (now_(message).state, statuses(message)) == (State.DELIVERED, ["delivered"])
        assert Receipt.objects.count() == 2
        assert Receipt.objects.earliest("pk").raw["MessageSid"] == "SM1"

    def test_of_numbers_that_nobody_has_blacklist_them(self, message: Message) -> None:
        self.call(message, MessageStatus="undelivered", ErrorCode="30005")

        assert (now_(message).state, statuses(message)) == (State.HARD, ["fail"])
        assert BlacklistEntry.objects.get().address == "+380671234567"

    def test_that_are_forged_change_nothing(self, message: Message) -> None:
        assert self.call(message, token="guess", MessageStatus="undelivered", ErrorCode="30005") == 403
        assert self.call(message, AccountSid="AC666", MessageStatus="delivered") == 403

        assert (now_(message).state, Receipt.objects.count()) == (State.SENT, 0)

    def test_are_read_up_to_a_size_and_refused_with_words_beyond(self, message: Message) -> None:
        long = "delivered", "x" * 900_000
        assert self.call(message, MessageStatus=long[0], ErrorMessage=long[1]) == 204
        body = urlencode({"AccountSid": "AC0123456789", "Body": "x" * 2_000_000})

        answer = Client().post("/hooks/twilio/", body, content_type="application/x-www-form-urlencoded")

        assert (answer.status_code, "More than 1048576 bytes" in answer.content.decode()) == (413, True)
        assert Receipt.objects.count() == 1

    def test_of_people_who_write_stop_end_the_channel(self, contact: Contact) -> None:
        assert self.call(MessageSid="SM2", From="+380671234567", To="+15005550006", Body=" stop ") == 204

        assert closed(contact, Channel.SMS) == [Closed.UNSUBSCRIBED]
        assert Receipt.objects.get().contact == contact
