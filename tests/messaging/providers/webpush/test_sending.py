"""Pushes leave for a push service on this machine, by real sockets: what is sent, and what its answers mean."""

import datetime
import socket
import threading
import time
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils.timezone import now
from pytest_django import Settings

from activity.audit import Actor
from activity.catalogue import Channel, Origin
from contacts.models import Contact
from messaging.content.content import Content
from messaging.content.push import MOST_TEXT_BYTES
from messaging.delivery import work
from messaging.models import Attempt, Message, PushSubscription
from messaging.providers.webpush import browsers, calling
from messaging.providers.webpush.calling import Outcome, PushCaller
from messaging.states import State
from subscriptions import consent
from subscriptions.facts import Door
from subscriptions.policy import Closed
from tests.messaging.messages import launch, now_, statuses
from tests.messaging.providers.webpush.browser import TestBrowser
from tests.messaging.providers.webpush.conftest import joined
from tests.messaging.servers import Called, http_server
from tests.subscriptions.consent import closed

DESKTOP = Channel.DESKTOP_WEBPUSH
PUSH = Content(
    DESKTOP,
    subject="Привіт, {{ firstName }}",
    body="Boots are back",
    link="https://shop.example.com/boots?of={{ firstName }}",
    image="https://shop.example.com/icon.png",
)


def send(contact: Contact, content: Content = PUSH, **more: Any) -> Message:
    message = launch(contact, content, **more)
    work.deliver(DESKTOP)
    return now_(message)


def test_each_browser_gets_it_and_only_it_can_read_it(contact: Contact, service: Called) -> None:
    pushed = [TestBrowser(f"{service.url}/{each}") for each in "ab"]
    rows = [joined(contact, each) for each in pushed]
    message = send(contact, origin=Origin.TRANSACTION, not_after=now() + datetime.timedelta(seconds=600))

    assert (message.state, message.address) == (
        State.SENT,
        f"Firefox on Linux #{rows[0].pk}, Firefox on Linux #{rows[1].pk}",
    )
    assert [path for path, _headers, _body in service.requests] == ["/a", "/b"]
    _path, headers, body = service.requests[0]
    told = {name: headers[name] for name in ("Content-Encoding", "Content-Type", "Urgency", "Topic")}
    assert told == {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Urgency": "high",
        "Topic": f"rapport-{message.pk}",
    }
    assert 590 <= int(headers["TTL"]) <= 600
    assert headers["Authorization"].startswith("vapid t=")
    push = pushed[0].push(body)
    token, link = push.pop("token"), push.pop("link")
    assert push == {
        "title": "Привіт, Olena",
        "text": "Boots are back",
        "icon": "https://shop.example.com/icon.png",
        "tag": f"rapport-{message.pk}",
        "hook": "http://127.0.0.1:8000/hooks/webpush/",
    }
    assert b"Olena" not in body
    assert pushed[1].push(service.requests[1][2])["token"] != token
    # The link leads by way of this site, which sees the click: a person's, however soon it comes.
    answer = Client(headers={"User-Agent": "Mozilla/5.0"}).get(link.removeprefix("http://127.0.0.1:8000"))
    assert answer.headers["Location"] == "https://shop.example.com/boots?of=Olena"
    assert statuses(message) == ["click"]
    assert not message.receipts.filter(details__has_key="machine").exists()
    assert all(PushSubscription.objects.values_list("last_used_at", flat=True))


@pytest.mark.parametrize(
    ("status", "state", "told", "words"),
    [
        (201, State.SENT, [], "201"),
        (404, State.EXPIRED, ["expired"], "404 Not Found"),
        (410, State.EXPIRED, ["expired"], "410 Gone"),
        (413, State.FAILED, ["undelivered"], "413 Request Entity Too Large"),
        (400, State.FAILED, ["undelivered"], "400 Bad Request"),
        (301, State.FAILED, ["undelivered"], "301 Moved Permanently"),
        (429, State.QUEUED, [], "429 Too Many Requests"),
        (500, State.QUEUED, [], "500 Internal Server Error"),
        (503, State.QUEUED, [], "503 Service Unavailable"),
    ],
)
def test_answers(contact: Contact, service: Called, status: int, state: State, told: list[str], words: str) -> None:
    joined(contact, TestBrowser(f"{service.url}/a"))
    service.status, service.headers = status, {"Retry-After": "1000", "Location": f"{service.url}/m/1"}
    message = send(contact)

    assert (message.state, statuses(message)) == (state, told)
    assert words in Attempt.objects.get().words
    gone = state is State.EXPIRED
    assert (Closed.UNSUBSCRIBED in closed(contact, DESKTOP)) is gone
    if state is State.QUEUED:
        assert 990 < (message.next_attempt_at - now()).total_seconds() < 1010
        # One push service, which may be anybody's, holds up nobody else.
        service.status = 201
        assert send(contact).state == State.SENT


def test_one_browser_that_takes_it_is_enough(contact: Contact, service: Called, settings: Settings) -> None:
    with http_server() as other:
        other.status, other.body = 410, b""
        settings.WEBPUSH_TRUSTED = [service.url, other.url]
        gone, there = joined(contact, TestBrowser(f"{other.url}/a")), joined(contact, TestBrowser(f"{service.url}/b"))
        message = send(contact)
        assert message.state == State.SENT
        assert closed(contact, DESKTOP) == []
        assert list(PushSubscription.objects.live(contact.pk, DESKTOP)) == [there]
        assert f"#{gone.pk}: 410 Gone" in Attempt.objects.get().words
        service.status, other.status = 503, 201
        assert send(contact).state == State.QUEUED
        assert len(other.requests) == 1


def test_who_leaves_while_one_browser_is_called_gets_nothing_in_the_next(
    contact: Contact, service: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, _third = (joined(contact, TestBrowser(f"{service.url}/{each}")) for each in "abc")
    push = PushCaller.push

    def leaving(caller: PushCaller, endpoint: str, *given: Any, **more: Any) -> Any:
        if endpoint == first.endpoint:
            browsers.leave(second, ip=None)
        else:
            consent.unsubscribe(contact=contact, channel=DESKTOP, actor=Actor(), door=Door.LINK)
        return push(caller, endpoint, *given, **more)

    monkeypatch.setattr(PushCaller, "push", leaving)
    assert send(contact).state == State.SENT
    assert [path for path, _headers, _body in service.requests] == ["/a", "/c"]
    joined(contact, TestBrowser(f"{service.url}/d"))
    service.requests.clear()
    assert send(contact).state == State.SENT
    assert [path for path, _headers, _body in service.requests] == ["/a", "/c"]  # with the second call all is over


def fail(*_given: Any, **_more: Any) -> None:
    raise OperationalError


def test_where_nobody_can_look_once_more_only_the_first_browser_is_called(
    contact: Contact, service: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in "ab":
        joined(contact, TestBrowser(f"{service.url}/{each}"))
    monkeypatch.setattr(browsers, "gets", fail)
    assert send(contact).state == State.SENT
    service.status = 410
    assert send(contact).state == State.QUEUED  # the other one may take it yet
    assert [path for path, _headers, _body in service.requests] == ["/a", "/a"]


@pytest.mark.parametrize("what", ["expire", "touched"])
def test_what_goes_wrong_behind_a_push_leaves_it_taken(
    contact: Contact, service: Called, settings: Settings, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(browsers, what, fail)
    with http_server() as other:
        other.status, other.body = 410, b"gone\0 for good"
        settings.WEBPUSH_TRUSTED = [service.url, other.url]
        joined(contact, TestBrowser(f"{other.url}/a"))
        joined(contact, TestBrowser(f"{service.url}/b"))
        assert send(contact).state == State.SENT
    assert "410 gone for good" in Attempt.objects.get().words


def test_a_reply_that_is_lost_leaves_it_open_whether_it_was_taken(contact: Contact, service: Called) -> None:
    joined(contact, TestBrowser(f"{service.url}/a"))
    service.drops = True
    assert send(contact).state == State.UNCERTAIN


def test_a_service_that_cannot_be_reached_holds_up_its_own_pushes_only(contact: Contact, settings: Settings) -> None:
    with socket.socket() as closed_port:
        closed_port.bind(("127.0.0.1", 0))
        settings.WEBPUSH_TRUSTED = [f"http://127.0.0.1:{closed_port.getsockname()[1]}"]
        joined(contact, TestBrowser(f"{settings.WEBPUSH_TRUSTED[0]}/a"))
        messages = [launch(contact, PUSH) for _time in range(2)]
        work.deliver(DESKTOP)
    assert [(now_(each).state, now_(each).attempts_made) for each in messages] == [(State.QUEUED, 1)] * 2


def test_a_service_that_dribbles_is_left_in_time(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(calling, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def dribble() -> None:
            connection, _from = server.accept()
            with connection:
                for sign in b"HTTP/1.1 201 Created\r\nX-Slow: " + b"a" * 1_000:
                    try:
                        connection.send(bytes([sign]))
                    except OSError:
                        return
                    time.sleep(0.02)

        thread = threading.Thread(target=dribble, daemon=True)
        thread.start()
        settings.WEBPUSH_TRUSTED = [f"http://127.0.0.1:{server.getsockname()[1]}"]
        caller, began = PushCaller(), time.monotonic()
        found = caller.push(f"{settings.WEBPUSH_TRUSTED[0]}/a", b"x", ttl=1, urgency="low", topic="t")
        caller.close()
        thread.join()
    assert found.outcome is Outcome.UNKNOWN
    assert time.monotonic() - began < 1


def test_who_has_no_browser_left_gets_nothing_and_is_told_of(contact: Contact, service: Called) -> None:
    row = joined(contact, TestBrowser(f"{service.url}/a"))
    message = launch(contact, PUSH)
    PushSubscription.objects.filter(pk=row.pk).delete()
    work.deliver(DESKTOP)
    assert (now_(message).state, service.requests) == (State.EXPIRED, [])


def test_the_longest_push_fits(contact: Contact, service: Called) -> None:
    browser = TestBrowser(f"{service.url}/a")
    joined(contact, browser)
    content = Content(DESKTOP, subject="ї", body="x" * (MOST_TEXT_BYTES - 27), link="https://a.example/")
    message = send(contact, content)
    assert message.state == State.SENT
    ((_path, _headers, body),) = service.requests
    assert len(body) <= 4_096
    assert len(browser.push(body)["text"]) == MOST_TEXT_BYTES - 27
