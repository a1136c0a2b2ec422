"""The audit log."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory

from activity.audit import Actor, record
from activity.models import AuditEntry
from activity.requests import StaffRequest
from activity.transfer_states import State
from config.models import User
from tests.factories import TransferFactory

pytestmark = pytest.mark.django_db


def test_it_says_who_did_what_to_what_and_from_where(marketer: User) -> None:
    request: StaffRequest = RequestFactory().post("/", REMOTE_ADDR="192.0.2.7")  # type: ignore[assignment]
    request.user = marketer
    transfer = TransferFactory.create()

    record(actor=Actor.of(request), verb="import.run", of=transfer, rows=10)

    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.actor_name, entry.ip) == (marketer.pk, marketer.username, "192.0.2.7")
    assert (entry.verb, entry.object_type, entry.object_id) == ("import.run", "activity.transfer", transfer.pk)
    assert entry.details == {"rows": 10}
    assert str(entry) == f"{marketer.username}: import.run"


def test_an_address_that_is_not_known_is_left_out(marketer: User) -> None:
    request: StaffRequest = RequestFactory().post("/", REMOTE_ADDR="")  # type: ignore[assignment]
    request.user = marketer
    assert record(actor=Actor.of(request), verb="import.run").ip is None


def test_a_worker_acts_for_the_owner_of_a_transfer(marketer: User) -> None:
    entry = record(actor=Actor.owning(TransferFactory.create(owner=marketer)), verb="import.run")
    assert (entry.actor_id, entry.actor_name, entry.ip) == (marketer.pk, marketer.username, None)
    assert Actor.owning(TransferFactory.create(owner=None)) == Actor()


def test_what_the_system_does_bears_its_name() -> None:
    entry = record(actor=Actor(), verb="import.run")
    assert (entry.actor_id, entry.actor_name, entry.object_id) == (None, "Rapport", None)


def test_an_entry_outlives_who_it_tells_of(marketer: User) -> None:
    record(actor=Actor(marketer, marketer.username), verb="import.run")
    marketer.delete()
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.actor_name) == (None, marketer.username)


def test_what_is_done_on_a_page_is_entered(marketer: User, signed_in: Callable[[User], Client]) -> None:
    transfer = TransferFactory.create(owner=marketer, state=State.WAITING, step="confirm")
    signed_in(marketer).post(f"/contacts/import/{transfer.pk}/run/", REMOTE_ADDR="192.0.2.7")
    signed_in(marketer).post(f"/contacts/import/{transfer.pk}/cancel/", REMOTE_ADDR="2001:db8::7")
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", "actor_name", "ip")) == [
        ("import.run", marketer.username, "192.0.2.7"),
        ("import.cancel", marketer.username, "2001:db8::7"),
    ]
