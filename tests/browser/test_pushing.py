"""Web push in a real browser: somebody joins on our page, a push is shown by the service worker, which tells of it.

There is no push service here: what leaves for one is read with the browser's keys and handed to its service worker by
the DevTools protocol, which is what a push service would do.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect
from pytest_django import Settings

from activity.catalogue import Channel
from messaging.content.content import Content
from messaging.delivery import work
from messaging.models import Message, PushSubscription, Receipt
from messaging.providers import registry
from messaging.providers.webpush.links import join_url
from messaging.providers.webpush.provider import WebPush
from messaging.providers.webpush.vapid import new_keys
from subscriptions.policy import Closed
from tests.browser.looking import look_over
from tests.browser.watching import Watch
from tests.factories import ContactFactory
from tests.messaging.messages import launch, statuses
from tests.messaging.providers.webpush.browser import TestBrowser
from tests.messaging.servers import http_server
from tests.subscriptions.consent import closed

DESKTOP = Channel.DESKTOP_WEBPUSH
# What the browser would have from its maker's service.
_SUBSCRIBED = """
  const given = %s;
  let known = null;
  const made = (options) => ({
    toJSON: () => given, options, unsubscribe: async () => { known = null; return true; },
  });
  PushManager.prototype.subscribe = async (options) => (known = made(options));
  PushManager.prototype.getSubscription = async () => known;
"""
_SHOWN = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/push/");
  return (await registration.getNotifications()).map(({ title, body, tag }) => [title, body, tag]);
}"""
_ACT = """async (kind) => {
  const [notification] = await registration.getNotifications();
  dispatchEvent(new NotificationEvent(kind, { notification }));
}"""


def wait_until(page: Page, happened: Callable[[], bool]) -> None:
    """Workers are not waited for by pages."""
    for _attempt in range(500):
        if happened():
            return
        page.wait_for_timeout(20)
    raise AssertionError("It has not happened")


def deliver(page: Page, text: str) -> None:
    """Hands a push to the service worker of the page, as the browser does."""
    session = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    wait_until(page, lambda: any(each["scopeURL"].endswith("/push/") for each in found))
    worker = next(each for each in found if each["scopeURL"].endswith("/push/"))
    origin = worker["scopeURL"].removesuffix("/push/")
    given = {"origin": origin, "registrationId": worker["registrationId"], "data": text}
    session.send("ServiceWorker.deliverPushMessage", given)
    session.detach()


def test_somebody_joins_gets_a_push_and_leaves(
    visit: Callable[..., Page], settings: Settings, base_url: str, monkeypatch: pytest.MonkeyPatch, watch: Watch
) -> None:
    watch.expects("403.*/push/join/")
    watch.expects("503.*/push/leave/")
    settings.SITE_URL, settings.WEBPUSH_PRIVATE_KEY = base_url, new_keys()[0]
    provider = WebPush()
    monkeypatch.setattr(registry, "_loaded", lambda _path: provider)
    contact = ContactFactory.create(first_name="Olena")
    with http_server() as service:
        service.status, settings.WEBPUSH_TRUSTED = 201, [service.url]
        theirs = TestBrowser(f"{service.url}/a")
        page = visit(permissions=["notifications"])
        page.add_init_script(_SUBSCRIBED % json.dumps(theirs.to_json()))
        page.goto(join_url(contact.pk))
        look_over(page, said="We show you a short notice here")
        page.get_by_role("button", name="Get notifications in this browser").click()
        expect(page.get_by_text("You get our notifications in this browser.")).to_be_visible()
        assert closed(contact, DESKTOP) == []

        message = launch(contact, Content(DESKTOP, subject="Hello {{ firstName }}", body="Boots are back"))
        work.deliver(DESKTOP)
        deliver(page, theirs.read(service.requests[0][2]).decode())
        wait_until(page, lambda: statuses(message) == ["delivered"])
        assert page.evaluate(_SHOWN) == [["Hello Olena", "Boots are back", f"rapport-{message.pk}"]]
        (worker,) = page.context.service_workers
        worker.evaluate(_ACT, "notificationclose")
        wait_until(page, lambda: Receipt.objects.filter(telling="dismissed", applied_at__lte=now()).exists())
        worker.evaluate(_ACT, "notificationclick")
        wait_until(page, lambda: sorted(statuses(message)) == ["click", "delivered", "dismissed"])
        assert page.evaluate(_SHOWN) == []
        assert Message.objects.get().state == "delivered"

        page.route("**/push/leave/", lambda route: route.fulfill(status=503, json={"said": "later"}))
        page.get_by_role("button", name="No more notifications in this browser").click()
        expect(page.get_by_text("That did not work.")).to_be_visible()
        assert closed(contact, DESKTOP) == []
        page.unroute("**/push/leave/")
        page.get_by_role("button", name="No more notifications in this browser").click()
        expect(page.get_by_text("We show you a short notice here")).to_be_visible()
        assert Closed.UNSUBSCRIBED in closed(contact, DESKTOP)
        page.get_by_role("button", name="Get notifications in this browser").click()
        look_over(page, said="You have left since this link was made.")
        assert PushSubscription.objects.get().expired_at
