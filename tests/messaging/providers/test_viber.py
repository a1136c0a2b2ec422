"""Viber: requests as its documents have them, what its statuses mean, and signed callbacks."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.content.render import Rendered
from messaging.models import Message, Receipt
from messaging.providers.interface import Accepted, Answer, NotSent, Outgoing, Refused
from messaging.providers.joining import contact_of, signed, token_of
from messaging.providers.viber.hook import signature
from messaging.providers.viber.provider import Viber
from messaging.states import State
from messaging.tellings import Telling
from subscriptions.models import Subscription
from subscriptions.policy import Closed
from tests.factories import ContactFactory
from tests.messaging.messages import launch, now_, statuses
from tests.messaging.servers import Called, http_server
from tests.subscriptions.consent import closed, opt_in

RENDERED = Rendered(text="Привіт", link="https://shop.example.com/", button="Look")
OUTGOING = Outgoing(7, Channel.VIBER, "+380671234567", "", RENDERED, "rapport-7", sender_name="Shop", account="u=")


@pytest.fixture(autouse=True)
def _bot(settings: Settings) -> None:
    settings.VIBER_TOKEN, settings.VIBER_NAME = "token", "Shop"


@pytest.fixture
def api(settings: Settings) -> Iterator[Called]:
    with http_server() as called:
        settings.VIBER_API = called.url
        yield called


def send(outgoing: Outgoing = OUTGOING) -> Answer:
    with Viber().courier() as courier:
        return courier.send(outgoing)


def test_the_request_is_vibers_byte_for_byte(api: Called) -> None:
    api.body = b'{"status": 0, "status_message": "ok", "message_token": 5741311803571721087}'

    assert send() == Accepted("5741311803571721087", "0 ok")
    send(replace(OUTGOING, rendered=Rendered(text="Hello", image="https://shop.example.com/a.jpg")))

    (path, headers, body), (_path, _headers, picture) = api.requests
    assert (path, headers["X-Viber-Auth-Token"]) == ("/pa/send_message", "token")
    assert (
        body
        == (
            '{"receiver":"u=","min_api_version":1,"sender":{"name":"Shop"},"type":"text","text":"Привіт","keyboard":'
            '{"Type":"keyboard","Buttons":[{"ActionType":"open-url","ActionBody":"https://shop.example.com/","Text":"Look"}]}}'
        ).encode()
    )
    assert json.loads(picture)["media"] == "https://shop.example.com/a.jpg"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (5, Refused(True, "5 no", Telling.HARD)),
        (6, Refused(True, "6 no", Telling.FAILED, left=True)),
        (12, Refused(False, "12 no", wait=1.0)),
        (2, NotSent("2 no")),
        (3, Refused(True, "3 no", Telling.REJECTED)),
    ],
)
def test_statuses(api: Called, status: int, answer: Answer) -> None:
    api.body = json.dumps({"status": status, "status_message": "no"}).encode()

    assert send() == answer


def test_who_has_not_opened_the_bot_cannot_be_written_to(api: Called) -> None:
    assert isinstance(send(replace(OUTGOING, account="")), Refused)
    assert api.requests == []


def call(callback: dict[str, Any], *, signed: str | None = None) -> Any:
    body = json.dumps({"timestamp": 1767225600000} | callback).encode()
    headers = {"X-Viber-Content-Signature": signature(body) if signed is None else signed}
    return Client().post("/hooks/viber/", body, content_type="application/json", headers=headers)


def test_callbacks_of_a_message(contact: Contact) -> None:
    message = launch(contact)
    Message.objects.update(channel=Channel.VIBER, provider="viber", provider_id="57", state=State.SENT)

    for event in ("seen", "delivered", "seen"):
        assert call({"event": event, "message_token": 57, "user_id": "u="}).status_code == 204
    assert call({"event": "failed", "message_token": 57}, signed="guess").status_code == 403
    assert call({"event": "delivered", "timestamp": "x"}).status_code == 400

    assert (now_(message).state, sorted(statuses(message))) == (State.DELIVERED, ["delivered", "open"])
    assert Receipt.objects.count() == 2


@pytest.mark.django_db
def test_people_subscribe_by_writing_and_leave() -> None:
    contact = ContactFactory.create(phone="+380671234567")
    token = token_of(contact.pk, "viber", int(time.time()) - 60)

    welcome = call({"event": "conversation_started", "context": token, "message_token": 1, "user": {"id": "u="}})
    assert json.loads(welcome.content)["tracking_data"] == token
    assert Closed.NEVER_SUBSCRIBED in closed(contact, Channel.VIBER)
    said = {"text": "hi", "tracking_data": token}
    call({"event": "message", "message_token": 2, "sender": {"id": "u="}, "message": said})
    assert closed(contact, Channel.VIBER) == []
    assert Subscription.objects.get().address == "u="

    call({"event": "unsubscribed", "message_token": 3, "user_id": "u="})
    assert closed(contact, Channel.VIBER) == [Closed.UNSUBSCRIBED]

    # What was said before comes late.
    call({"event": "message", "message_token": 4, "sender": {"id": "u="}, "message": said})
    later = {"event": "message", "message_token": 5, "sender": {"id": "u="}, "message": said}
    call(later | {"timestamp": 4102444800000})
    assert closed(contact, Channel.VIBER) == [Closed.UNSUBSCRIBED]

    # Opening the bot anew by the same link, which others may have by now, is no more; by one made since it is.
    for age, reasons in ((60, [Closed.UNSUBSCRIBED]), (-2, [])):
        token = token_of(contact.pk, "viber", int(time.time()) - age)
        anew = {"event": "conversation_started", "context": token, "message_token": age}
        welcome = call(anew | {"timestamp": 4102444800000, "user": {"id": "u="}})
        said = {"text": "hi", "tracking_data": json.loads(welcome.content)["tracking_data"]}
        late = {"event": "message", "message_token": age, "sender": {"id": "u="}, "message": said}
        call(late | {"timestamp": 4102444800000})
        assert closed(contact, Channel.VIBER) == reasons


@pytest.mark.django_db
def test_who_answers_stop_is_not_written_to_also_by_another_account() -> None:
    contact, other = ContactFactory.create(phone="+380671234567"), ContactFactory.create()
    opt_in(contact, Channel.VIBER, address="old=")
    said = {"text": "Stop", "tracking_data": token_of(contact.pk, "viber", 1767225600)}  # of long ago

    call({"event": "message", "message_token": 2, "sender": {"id": "u="}, "message": said})

    assert Closed.UNSUBSCRIBED in closed(contact, Channel.VIBER)
    assert Closed.UNSUBSCRIBED not in closed(other, Channel.VIBER)


def test_a_token_belongs_to_its_contact_channel_and_time() -> None:
    at = int(time.time()) - 60
    token = token_of(7, "viber", at)

    assert contact_of(token, "viber") == signed(token, "viber") == (7, at)
    others = [
        token.replace("7-", "8-", 1),
        token.replace(f"{at:x}", f"{at + 1:x}"),
        f"7-{token[-22:]}",
        "7--x",
        "\ud800",
    ]
    assert [signed(each, "viber") for each in others] == [None] * len(others)
    assert signed(token, "telegram") is None
    old = token_of(7, "viber", at - 90 * 24 * 3600)
    assert contact_of(old, "viber") is None
    assert signed(old, "viber")
    assert len(token_of(10**18 - 1, "telegram", 2**36 - 1)) <= 64
