"""What browsers and our service worker say: from which pages, how much, how often, and that nothing forged counts."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.content.content import Content
from messaging.models import Message, PushSubscription, Receipt
from messaging.providers.webpush import browsers, requests
from messaging.providers.webpush.agents import channel_of, name_of
from messaging.providers.webpush.links import join_url
from messaging.providers.webpush.tokens import Report
from messaging.providers.webpush.vapid import public_key
from messaging.states import State
from subscriptions.models import ConsentRecord
from subscriptions.policy import Closed
from tests.messaging.messages import launch, now_, statuses
from tests.messaging.providers.webpush.browser import TestBrowser, b64
from tests.messaging.providers.webpush.conftest import fresh, joined
from tests.subscriptions.consent import closed

pytestmark = pytest.mark.django_db
SHOP = "https://shop.example"
DESKTOP, MOBILE = Channel.DESKTOP_WEBPUSH, Channel.MOBILE_WEBPUSH
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"
)
PIXEL = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Version/26.0 Mobile/15E148 Safari/604.1"
A = TestBrowser("https://push.example.com/a")


@pytest.fixture(autouse=True)
def _shop(settings: Settings) -> None:
    settings.WEBPUSH_ORIGINS = [SHOP]
    cache.clear()


def post(path: str, given: Any, origin: str = SHOP, **headers: str) -> Any:
    told = {"Origin": origin, "User-Agent": WINDOWS, **{name.replace("_", "-"): text for name, text in headers.items()}}
    return Client(enforce_csrf_checks=True).post(f"/push/{path}/", given, content_type="application/json", headers=told)


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["said"]


def asked(contact: Contact, browser: TestBrowser = A, **more: Any) -> dict[str, Any]:
    return {"token": fresh(contact), "subscription": browser.to_json(), "wording": "Get news"} | more


def test_a_page_of_a_known_site_joins_and_leaves(contact: Contact) -> None:
    answer = post("join", asked(contact))
    assert said(answer) == (200, "joined")
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    row = PushSubscription.objects.get()
    assert (row.channel, row.agent, bytes(row.p256dh)) == (DESKTOP, "Chrome on Windows", A.p256dh)
    record = ConsentRecord.objects.get()
    assert (record.by, record.ip, record.evidence["wording"]) == ("the recipient", "127.0.0.1", f"Get news ({SHOP})")
    assert said(post("look", asked(contact))) == (200, "joined")

    guessed = TestBrowser(A.endpoint, auth=b"another secret!!")
    assert said(post("leave", asked(contact, guessed))) == (200, "left")
    assert said(post("look", asked(contact, guessed))) == (200, "left")
    assert closed(contact, DESKTOP) == []
    assert said(post("leave", asked(contact))) == (200, "left")
    assert Closed.UNSUBSCRIBED in closed(contact, DESKTOP)
    assert said(post("look", asked(contact))) == (200, "left")

    assert said(post("join", asked(contact), Sec_CH_UA_Mobile="?1")) == (200, "joined")
    assert closed(contact, MOBILE) == []


@pytest.mark.parametrize(
    "given",
    [
        {"subscription": None},
        {"subscription": A.to_json() | {"endpoint": "https://127.0.0.1/a"}},
        {"subscription": A.to_json() | {"endpoint": "http://push.example.com/a"}},
        {"subscription": A.to_json() | {"keys": {"p256dh": b64(b"\4" + b"\1" * 64), "auth": b64(A.auth)}}},
        {"subscription": A.to_json() | {"keys": {"p256dh": b64(A.p256dh), "auth": "short"}}},
        {"subscription": A.to_json() | {"keys": {"p256dh": "*", "auth": b64(A.auth)}}},
        {"subscription": A.to_json() | {"keys": None}},
        {"more": "x" * requests.MOST_BYTES},
    ],
)
def test_what_no_browser_says_is_refused(contact: Contact, given: dict[str, Any]) -> None:
    assert said(post("join", asked(contact, **given))) == (400, "unreadable")
    assert not PushSubscription.objects.exists()


def test_other_sites_forged_tokens_and_floods_change_nothing(contact: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    for origin in ("https://evil.example", "null", "", f"{SHOP}.evil.example"):
        answer = post("join", asked(contact), origin)
        assert said(answer) == (403, "origin")
        assert "Access-Control-Allow-Origin" not in answer.headers
    token = fresh(contact)
    for forged in ("", "1", token[:-1], f"9{token}", Report(contact.pk, 1).token):
        assert said(post("join", asked(contact, token=forged))) == (403, "stale")
    assert said(post("join", [1])) == (400, "unreadable")
    assert not PushSubscription.objects.exists()
    monkeypatch.setattr(requests, "MOST_A_MINUTE", 3)
    assert said(post("join", asked(contact))) == (429, "often")
    assert said(post("leave", asked(contact))) == (200, "left")  # as often as anybody likes


def test_words_that_cannot_be_kept_and_nests_break_nothing(contact: Contact) -> None:
    assert said(post("join", asked(contact, token="1.\ud800"))) == (403, "stale")
    assert said(post("join", asked(contact, wording="Get\0 \ud800news"))) == (200, "joined")
    assert ConsentRecord.objects.get().evidence["wording"] == f"Get news ({SHOP})"
    assert said(post("join", "[" * 8_000)) == (400, "unreadable")


def test_browsers_ask_first_whether_they_may(contact: Contact) -> None:
    answer = Client().options("/push/join/", headers={"Origin": SHOP, "Access-Control-Request-Method": "POST"})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Headers"]) == (204, "Content-Type")
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert Client().options("/push/join/", headers={"Origin": "https://evil.example"}).status_code == 403
    assert Client().get("/push/join/", headers={"Origin": SHOP}).status_code == 405
    assert Client().get("/push/key/", headers={"Origin": SHOP}).json() == {"key": public_key()}


def test_scripts_stand_where_they_always_stand_and_the_page_is_the_contacts_own(contact: Contact) -> None:
    worker = Client().get("/push/worker.js")
    assert worker.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert worker.headers["Service-Worker-Allowed"] == "/push/"
    assert worker.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"notificationclick" in worker.content
    assert b"pushManager" in Client().get("/push/join.js").content
    path = join_url(contact.pk).removeprefix("http://127.0.0.1:8000")
    assert path.split("/")[2] in Client().get(path).content.decode()
    assert Client().get("/push/guess/").status_code == 404


def test_the_profile_shows_browsers_and_a_fresh_link_to_those_who_may_subscribe(
    contact: Contact, site: Client, settings: Settings
) -> None:
    gone, there = joined(contact, A), joined(contact, TestBrowser("https://push.example.com/b"))
    browsers.expire(gone, because="410 Gone")
    shown = site.get(contact.get_absolute_url()).content.decode()
    assert shown.index(str(there)) < shown.index(str(gone)) < shown.index("410 Gone")
    assert f"/push/{contact.pk}-" in shown
    settings.WEBPUSH_PRIVATE_KEY = ""
    assert "browsers-head" not in site.get(contact.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("agent", "hint", "name", "channel"),
    [
        (WINDOWS, "?0", "Chrome on Windows", DESKTOP),
        (PIXEL, "", "Chrome on Android", MOBILE),
        (WINDOWS, "?1", "Chrome on Windows", MOBILE),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "", "Firefox on Linux", DESKTOP),
        (f"{WINDOWS} Edg/143.0.0.0", "?0", "Edge on Windows", DESKTOP),
        (IPHONE, "", "Safari on iPhone", MOBILE),
        ("<script>", "", "Browser", DESKTOP),
    ],
)
def test_browsers_are_told_apart(agent: str, hint: str, name: str, channel: Channel) -> None:
    headers = {"User-Agent": agent, "Sec-CH-UA-Mobile": hint}
    assert (name_of(headers), channel_of(headers)) == (name, channel)


class TestReports:
    @staticmethod
    def call(token: str, what: str = "delivered") -> int:
        body = json.dumps({"token": token, "what": what})
        return Client(enforce_csrf_checks=True).post("/hooks/webpush/", body, content_type="text/plain").status_code

    @pytest.fixture
    def message(self, contact: Contact) -> Message:
        joined(contact, A)
        message = launch(contact, Content(DESKTOP, subject="Hello", body="Boots are back"))
        Message.objects.update(state=State.SENT, provider="webpush")
        return message

    @pytest.mark.parametrize("order", [("delivered", "clicked", "dismissed"), ("dismissed", "clicked", "delivered")])
    def test_each_counts_once_in_any_order_and_from_any_browser(self, message: Message, order: tuple[str, ...]) -> None:
        browser = PushSubscription.objects.get()
        for _time in range(2):
            for what in order:
                assert self.call(Report(message.pk, browser.pk).token, what) == 204
                assert self.call(Report(message.pk, browser.pk + 1).token, what) == 204
        assert now_(message).state == State.DELIVERED
        assert sorted(statuses(message)) == ["click", "delivered", "dismissed"]
        assert {each.details.get("device") for each in Receipt.objects.all()} == {"Firefox on Linux"}

    def test_what_is_forged_or_unreadable_changes_nothing(self, message: Message) -> None:
        token = Report(message.pk, 1).token
        for forged in ("", token[:-1], f"1{token}", fresh(message.contact)):
            assert self.call(forged) == 403
        assert self.call(token, "bounced") == 400
        Message.objects.update(provider="sandbox")  # and of others' messages nothing is told
        assert self.call(token) == 204
        assert statuses(message) == []
