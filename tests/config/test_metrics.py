"""`/metrics`."""

import pytest
from django.test import Client
from pytest_django import Settings

from activity.transfer_states import State
from tests.factories import ContactFactory, TransferFactory

pytestmark = pytest.mark.django_db

TOKEN = "s3cret-token"


def test_this_machine_reads_them_without_a_token(client: Client) -> None:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    assert "# TYPE rapport_request_seconds histogram" in response.content.decode()


def test_another_machine_does_not(client: Client, site: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert site.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404


def test_who_comes_through_a_proxy_is_another_machine(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_with_a_token_set_only_who_knows_it_reads_them(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN

    def status(authorization: str, ip: str = "192.0.2.7") -> int:
        headers = {"Authorization": authorization} if authorization else None
        return client.get("/metrics", REMOTE_ADDR=ip, headers=headers).status_code

    assert status(f"Bearer {TOKEN}") == 200
    assert status("Bearer wrong") == status("Bearer ключ") == status("") == 404
    assert status("", ip="127.0.0.1") == 404, "the token is asked of this machine too"


def test_they_count_the_work(client: Client) -> None:
    TransferFactory.create_batch(2, state=State.DONE)
    TransferFactory.create(state=State.QUEUED)
    text = client.get("/metrics").content.decode()
    assert 'rapport_transfers{kind="import",state="done"} 2.0' in text
    assert 'rapport_transfers{kind="import",state="queued"} 1.0' in text
    assert "rapport_transfers_due 1.0" in text
    assert 'rapport_messages_wait_seconds{channel="email"} 0.0' in text
    assert "rapport_messages_uncertain 0.0" in text


def test_requests_are_counted_by_view_never_by_address_or_person(site: Client) -> None:
    contact = ContactFactory.create(email="olga.secret@example.com", pk=987654321)
    site.get(f"/contacts/{contact.pk}/")
    site.post("/contacts/search/", {"q": contact.email})
    site.get("/nothing/here/987654321")
    site.generic("BREW", "/contacts/")

    text = site.get("/metrics").content.decode()
    assert 'method="GET",status="2xx",view="contacts:profile"' in text
    assert 'method="POST",status="3xx",view="contacts:search"' in text
    assert 'method="GET",status="4xx",view="none"' in text
    assert 'method="other",status="4xx",view="contacts:list"' in text
    assert "987654321" not in text
    assert "olga" not in text
    assert "BREW" not in text
