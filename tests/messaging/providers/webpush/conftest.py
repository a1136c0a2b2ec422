import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.timezone import now
from pytest_django import Settings

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.models import PushSubscription
from messaging.providers import registry
from messaging.providers.webpush import browsers
from messaging.providers.webpush.browsers import Browser
from messaging.providers.webpush.provider import WebPush
from messaging.providers.webpush.tokens import Joining
from messaging.providers.webpush.vapid import new_keys
from tests.factories import ContactFactory
from tests.messaging.providers.webpush.browser import TestBrowser
from tests.messaging.servers import Called, http_server

PRIVATE = new_keys()[0]


@pytest.fixture(autouse=True)
def _keys(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBPUSH_PRIVATE_KEY = PRIVATE
    provider = WebPush()
    monkeypatch.setattr(registry, "_loaded", lambda _path: provider)


@pytest.fixture
def service(settings: Settings) -> Iterator[Called]:
    """A push service on this machine."""
    with http_server() as called:
        called.status, called.body = 201, b""
        settings.WEBPUSH_TRUSTED = [called.url]
        yield called


@pytest.fixture
def contact(db: None) -> Contact:
    return ContactFactory.create(first_name="Olena")


def browser_of(
    pushed: TestBrowser, channel: Channel = Channel.DESKTOP_WEBPUSH, agent: str = "Firefox on Linux"
) -> Browser:
    return Browser(pushed.endpoint, pushed.p256dh, pushed.auth, channel, agent)


def joined(contact: Contact, pushed: TestBrowser, joining: Joining | None = None, **more: Any) -> PushSubscription:
    """The row of a browser that has joined now, or by a token."""
    token = joining or Joining.read(fresh(contact))
    assert token
    browsers.join(browser_of(pushed, **more), token, wording="Get our news", ip="192.0.2.1")
    return PushSubscription.objects.get(endpoint=pushed.endpoint)


def fresh(contact: Contact) -> str:
    """A token made a moment from now: later than whatever has happened."""
    return Joining(contact.pk, now() + datetime.timedelta(seconds=2)).token
