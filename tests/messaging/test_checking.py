"""Uncertain messages are looked up with the provider, by a worker, and what it says is written down and followed."""

import datetime
import json
from collections.abc import Iterator
from email.utils import format_datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import Settings

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.checking import check_asked
from messaging.delivery import work
from messaging.models import Attempt, Message, Outcome
from messaging.states import State
from subscriptions.models import BlacklistEntry
from tests.messaging.messages import TEXT, launch, now_, statuses
from tests.messaging.servers import Called, http_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def twilio(settings: Settings) -> Iterator[Called]:
    settings.MESSAGE_PROVIDERS = settings.MESSAGE_PROVIDERS | {"sms": "messaging.providers.twilio.provider.Twilio"}
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_SENDER = "AC1", "token", "+15005550006"
    with http_server() as called:
        settings.TWILIO_API = called.url
        yield called


@pytest.fixture
def doubtful(contact: Contact, twilio: Called) -> Message:
    """Sent, and the answer lost."""
    message, twilio.drops = launch(contact, TEXT), True
    work.deliver(Channel.SMS)
    twilio.drops = False
    twilio.requests.clear()
    assert now_(message).state == State.UNCERTAIN
    return now_(message)


def kept(**more: Any) -> dict[str, Any]:
    """A message as Twilio's API lists it."""
    at = format_datetime(now() + datetime.timedelta(seconds=1))
    return {
        "sid": "SM1", "to": "+380671234567", "body": "Hello Olena", "date_created": at, "status": "sent",
        "error_code": None, "error_message": None,
    } | more  # fmt: skip


def listing(*messages: dict[str, Any]) -> bytes:
    return json.dumps({"messages": messages, "next_page_uri": None}).encode()


def test_a_person_asks_a_worker_does_and_the_message_is_sent(site: Client, doubtful: Message, twilio: Called) -> None:
    twilio.body = listing(kept(), kept(sid="SM2", body="Another"))
    path = f"/messages/{doubtful.pk}/"
    assert "Check with provider" in site.get(path).content.decode()
    assert "Check with provider" in site.get("/messages/outbox/?doubtful").content.decode()

    site.post(f"{path}check/")
    assert twilio.requests == []  # not in the request
    assert "Being asked" in site.get(path).content.decode()
    assert [check_asked(), check_asked()] == [1, 0]

    ((url, headers, _body),) = twilio.requests
    assert url == "/2010-04-01/Accounts/AC1/Messages.json?To=%2B380671234567&PageSize=50"
    assert headers["Authorization"].startswith("Basic ")
    found = now_(doubtful)
    assert (found.state, found.provider_id, found.check_at, found.sent_at) == (
        State.SENT, "SM1", None, doubtful.called_at,
    )  # fmt: skip
    assert "Found at the provider" in site.get(path).content.decode()


@pytest.mark.parametrize(
    ("listed", "state", "outcome", "told"),
    [
        ([{"status": "delivered"}], State.DELIVERED, Outcome.FOUND, ["delivered"]),
        ([{"status": "undelivered", "error_code": 30005}], State.HARD, Outcome.FOUND, ["fail"]),
        ([], State.UNCERTAIN, Outcome.ABSENT, []),
        ([{}, {"sid": "SM2"}], State.UNCERTAIN, Outcome.ABSENT, []),
        ([{"date_created": "Thu, 01 Jan 2026 00:00:00 -0000"}], State.UNCERTAIN, Outcome.ABSENT, []),
        ([{"to": "+380670000000"}, {"sid": "SM9"}, {"date_created": "x"}], State.UNCERTAIN, Outcome.ABSENT, []),
        (None, State.UNCERTAIN, Outcome.UNKNOWN, []),
    ],
)
def test_what_the_provider_knows(
    doubtful: Message,
    twilio: Called,
    listed: list[dict[str, Any]] | None,
    state: State,
    outcome: Outcome,
    told: list[str],
) -> None:
    # The same words as this contact got by another message, SM9.
    other = launch(doubtful.contact, TEXT)
    Message.objects.filter(pk=other.pk).update(provider="twilio", provider_id="SM9", state=State.SENT)
    twilio.status, twilio.body = 503, b"Sorry"
    if listed is not None:
        twilio.status, twilio.body = 200, listing(*(kept(**each) for each in listed))
    Message.objects.filter(pk=doubtful.pk).update(check_at=now())

    check_asked()

    assert (now_(doubtful).state, statuses(doubtful)) == (state, told)
    last = Attempt.objects.filter(message=doubtful).latest("pk")
    assert last.outcome == outcome
    assert last.words
    assert BlacklistEntry.objects.exists() == (state == State.HARD)


def test_a_callback_that_comes_meanwhile_is_not_undone(doubtful: Message, twilio: Called) -> None:
    Message.objects.filter(pk=doubtful.pk).update(check_at=now(), state=State.DELIVERED, provider_id="SM1")
    twilio.body = json.dumps(kept(status="queued")).encode()

    check_asked()

    assert twilio.requests[0][0] == "/2010-04-01/Accounts/AC1/Messages/SM1.json"
    assert now_(doubtful).state == State.DELIVERED


def test_who_cannot_be_asked_says_so(site: Client, doubtful: Message) -> None:
    Message.objects.filter(pk=doubtful.pk).update(provider="telegram")

    page = site.get(f"/messages/{doubtful.pk}/").content.decode()
    site.post(f"/messages/{doubtful.pk}/check/")

    assert "Check with provider" not in page
    assert "Telegram has no way to be asked" in page
    assert "It was not sent" in page
    assert now_(doubtful).check_at is None


def test_only_those_who_send_may_ask(signed_in: Any, support: Any, doubtful: Message) -> None:
    assert signed_in(support).post(f"/messages/{doubtful.pk}/check/").status_code == 403
