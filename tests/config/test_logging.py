"""Log lines: one JSON object each, with the request's id, and never a personal value."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django_structlog.celery.receivers import CeleryReceiver

from activity import handlers, tasks, transfers
from activity.handlers import Handler
from activity.transfer_states import State
from config.logging import masked
from config.models import User
from config.urls import handler403, handler404, urlpatterns
from contacts.models import Contact, ContactList
from tests.factories import PASSWORD, ContactFactory, TransferFactory

__all__ = ["handler403", "handler404"]

EMAIL, PHONE, NAME = "olga.secret@example.com", "+380671234567", "Petrenko-Secret"
SECRETS = (EMAIL, "olga.secret", PHONE, NAME)


def fail(_request: HttpRequest) -> HttpResponse:
    raise ValueError(f"{NAME} <{EMAIL}> {PHONE}")


def fail_in_database(_request: HttpRequest) -> HttpResponse:
    try:
        ContactFactory.create(email=EMAIL)
    except IntegrityError as error:
        raise RuntimeError(f"could not add {EMAIL}") from error
    return HttpResponse()


def complain(_request: HttpRequest) -> HttpResponse:
    structlog.get_logger("complaints").warning("noted", reason="something")
    return HttpResponse()


urlpatterns = [
    *urlpatterns,
    path("fail/", fail, name="fail"),
    path("fail-in-database/", fail_in_database, name="fail_in_database"),
    path("complain/", complain, name="complain"),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the installation's own handler writes."""
    handler = next(
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler)
        and isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    )
    stream, before = io.StringIO(), handler.stream
    handler.setStream(stream)
    yield stream
    handler.setStream(before)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def assert_no_secrets(written: io.StringIO) -> None:
    assert [secret for secret in SECRETS if secret in written.getvalue()] == []


def test_every_line_of_a_request_has_its_id(site: Client, written: io.StringIO) -> None:
    site.get("/complain/")
    site.get("/complain/")
    found = lines(written)
    assert [line["event"] for line in found] == ["request_started", "noted", "request_finished"] * 2
    first, second = {line["request_id"] for line in found[:3]}, {line["request_id"] for line in found[3:]}
    assert len(first) == len(second) == 1
    assert first != second
    assert all({"timestamp", "level", "logger"} <= line.keys() for line in found)


@pytest.mark.parametrize("address", ["/fail/", "/fail-in-database/"])
def test_a_failing_view_is_logged_with_its_place_but_without_its_words(
    address: str, site: Client, written: io.StringIO
) -> None:
    ContactFactory.create(email=EMAIL)
    site.raise_request_exception = False
    response = site.get(address)

    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()
    failed = next(line for line in lines(written) if line["event"] == "request_failed")
    assert failed["exception"][0]["type"] in {"builtins.ValueError", "builtins.RuntimeError"}
    assert any("test_logging.py" in frame for frame in failed["exception"][0]["frames"])
    assert failed["request_id"]
    assert_no_secrets(written)


def test_what_people_search_and_type_is_not_logged(site: Client, written: io.StringIO) -> None:
    contact = ContactFactory.create(email=EMAIL, phone=PHONE, last_name=NAME)
    for text in (EMAIL, PHONE, NAME, f"x{NAME}"):
        site.post("/contacts/search/", {"q": text}, follow=True)
    site.get(f"/contacts/{contact.pk}/")
    site.post("/contacts/search/", {"q": EMAIL * 100_000})
    assert_no_secrets(written)


def test_what_is_looked_for_in_the_admin_is_not_logged(admin: User, client: Client, written: io.StringIO) -> None:
    client.force_login(admin)
    assert client.get("/admin/config/user/", {"q": EMAIL}).status_code == 200
    assert_no_secrets(written)


def test_who_signs_in_is_not_logged(client: Client, written: io.StringIO) -> None:
    for password in (PASSWORD, "wrong-but-telling"):
        for _attempt in range(9):
            client.post("/accounts/login/", {"login": EMAIL, "password": password}, REMOTE_ADDR="192.0.2.77")
    assert_no_secrets(written)
    assert "wrong-but-telling" not in written.getvalue()
    assert "192.0.2.77" not in written.getvalue()


def test_links_to_leave_and_to_join_by_are_not_logged(client: Client, written: io.StringIO) -> None:
    for path_ in ("/join/7-SIGNED/", "/join/7-SIGNED", "/push/7-1.SIGNED/", "/push/7-1.SIGNED?a=1", "/u/7.SIGNED/x/"):
        client.get(path_)
    assert "SIGNED" not in written.getvalue()
    events = [line["event"] for line in lines(written)]
    assert "Not Found: /join/…/" in events  # Django's own words
    assert "Not Found: /push/…/" in events


@pytest.mark.parametrize("name", ["worker.js", "join.js", "key/", "join/", "leave/", "look/", "join/?a=/x", ""])
def test_other_addresses_of_pushes_are(name: str) -> None:
    assert masked(f"GET /push/{name}") == f"GET /push/{name}"


@pytest.fixture
def _worker_that_fails() -> Iterator[None]:
    """A worker's loggers, and a kind of transfer whose step meets PostgreSQL's own words about a contact."""

    def add_twice(_claim: transfers.Claim) -> None:
        with transaction.atomic():
            Contact.objects.create(contact_list=ContactList.default(), email=EMAIL, added_via="import")

    handlers.register(Handler(kind="failing", label="Failing", steps={"run": add_twice}, url_name="home"))
    receiver = CeleryReceiver()
    receiver.connect_worker_signals()
    yield
    handlers._handlers.pop("failing")


@pytest.mark.usefixtures("_worker_that_fails")
def test_a_failing_task_is_logged_without_its_words(written: io.StringIO) -> None:
    ContactFactory.create(email=EMAIL)
    transfer = TransferFactory.create(kind="failing", state=State.QUEUED, step="run")

    result = tasks.run_transfer.apply((transfer.pk,))

    assert isinstance(result.result, IntegrityError)
    failed = [line for line in lines(written) if line["level"] == "error"]
    assert {line["exception"][0]["type"] for line in failed} == {"django.db.utils.IntegrityError"}
    assert_no_secrets(written)
