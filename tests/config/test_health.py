"""`/healthz`."""

import datetime

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from activity.transfer_states import State
from segments.models import Segment
from tests.factories import TransferFactory

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
CLOSED_PORT = "redis://:broker-password@127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _noon() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_all_is_well(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "broker": "ok", "oldest_due_seconds": 0}
    assert "no-store" in response["Cache-Control"]


def test_a_broker_that_does_not_answer_is_named(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = CLOSED_PORT
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["status"] == "broken"
    assert response.json()["database"] == "ok"
    assert response.json()["broker"] not in {"", "ok"}
    assert b"broker-password" not in response.content


def test_a_database_that_does_not_answer_is_named(client: Client) -> None:
    def refuse(*_query: object) -> object:
        raise OperationalError("connection to server at 192.0.2.1 failed")

    with connection.execute_wrapper(refuse):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "broken", "database": "OperationalError", "broker": "ok"}


def test_work_that_nobody_takes_for_five_minutes_is_reported_but_restarts_nothing(client: Client) -> None:
    TransferFactory.create(state=State.QUEUED, due_at=NOW - 4 * MINUTE)
    assert client.get("/healthz").json()["status"] == "ok"

    TransferFactory.create(state=State.QUEUED, due_at=NOW - 6 * MINUTE)
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["status"] == "behind"
    assert response.json()["oldest_due_seconds"] == 360


def test_segments_that_nobody_evaluates_are_reported_too(client: Client) -> None:
    Segment.objects.create(name="S", definition={}, due_at=NOW - 7 * MINUTE)
    assert client.get("/healthz").json()["oldest_due_seconds"] == 420


def test_only_what_is_due_counts(client: Client) -> None:
    hours_ago = NOW - 600 * MINUTE
    TransferFactory.create(state=State.WAITING, due_at=hours_ago)
    TransferFactory.create(state=State.DONE, due_at=hours_ago)
    TransferFactory.create(state=State.RUNNING, due_at=hours_ago, lease_until=NOW + MINUTE)
    TransferFactory.create(state=State.QUEUED, due_at=NOW + MINUTE)
    assert client.get("/healthz").json()["oldest_due_seconds"] == 0


def test_work_whose_worker_has_gone_is_due_since_its_lease_ran_out(client: Client) -> None:
    lost = TransferFactory.create(state=State.RUNNING, due_at=NOW - 600 * MINUTE, lease_until=NOW - MINUTE)
    assert client.get("/healthz").json()["oldest_due_seconds"] == 60

    lost.lease_until = timezone.now() - 10 * MINUTE
    lost.save()
    assert client.get("/healthz").json()["status"] == "behind"


def test_it_only_answers(client: Client) -> None:
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405
