"""Launching messages: many at once, keys that make one of two, and who may not be written to."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from activity.audit import Actor
from activity.catalogue import Channel, Origin
from activity.models import AuditEntry
from contacts.erasure.erase import erase
from contacts.models import Contact
from messaging.launch import Launch
from messaging.models import Message, WrittenContent
from messaging.sending import KeyReused, Request, send_many
from messaging.states import State
from segments.models import Membership, Segment
from tests.factories import ContactFactory
from tests.messaging.messages import MAIL, TEXT, launch, statuses
from tests.segments.making import segment
from tests.subscriptions.consent import subscribe

pytestmark = pytest.mark.django_db


def test_many_are_launched_at_once_by_the_same_number_of_statements(contact: Contact) -> None:
    others = [ContactFactory.create() for _each in range(30)]
    for each in others[:20]:
        subscribe(each)
    launched = Launch(campaign="Spring", tags=("a", "b"))
    requests = [
        Request(each.pk, Channel.EMAIL, replace(MAIL, values={"coupon": f"C{each.pk}"}), Origin.CAMPAIGN, launched)
        for each in others
    ]
    gone = replace(requests[0], contact_id=0)

    with CaptureQueriesContext(
        connection,
    ) as few:
        send_many(requests[:3], actor=Actor())
    with CaptureQueriesContext(connection) as many:
        found = send_many([*requests, gone], actor=Actor())

    assert len(many) <= len(few) + 2
    assert [each.state if each else None for each in found] == [State.QUEUED] * 20 + [State.SKIPPED] * 10 + [None]
    assert WrittenContent.objects.count() == 1
    assert found[0] is not None
    assert found[25] is not None
    assert found[0].values == {"coupon": f"C{others[0].pk}"}
    assert statuses(found[25]) == ["reject"]
    assert AuditEntry.objects.filter(verb="message.send").latest("pk").details == {"count": 30, "skipped": 10}


def test_the_same_key_is_the_same_message(contact: Contact) -> None:
    first = launch(contact, idempotency_key="k")

    assert launch(contact, idempotency_key="k").pk == first.pk
    with pytest.raises(KeyReused):
        launch(contact, TEXT, idempotency_key="k")
    with pytest.raises(KeyReused):
        launch(contact, replace(MAIL, values={"code": "2"}), idempotency_key="k")
    wanted = Request(contact.pk, Channel.EMAIL, MAIL, Origin.CAMPAIGN, key="l")
    one, same = send_many([wanted, wanted], actor=Actor())
    assert one == same
    assert Message.objects.count() == 2


def test_a_content_goes_with_the_last_contact_it_was_written_to(contact: Contact) -> None:
    other = ContactFactory.create()
    subscribe(other)
    launch(contact)
    launch(other)
    launch(contact, TEXT)

    erase([contact.pk], actor=Actor())
    assert [each.body["channel"] for each in WrittenContent.objects.all()] == ["email"]
    erase([other.pk], actor=Actor())
    assert WrittenContent.objects.count() == 0


def test_nobody_is_launched_to_who_is_not_there(contact: Contact) -> None:
    pk = contact.pk
    erase([pk], actor=Actor())
    with pytest.raises(Contact.DoesNotExist):
        launch(Contact(pk=pk))


def test_the_segments_of_that_time_are_kept_with_the_message(contact: Contact) -> None:
    asks = {"field": "receives:email", "op": "yes"}
    then, later, archived = (segment(asks, name=name) for name in ("Then", "Later", "Archived"))
    for each in (then, archived):
        Membership.objects.create(segment=each, contact=contact)
    Segment.objects.filter(pk=archived.pk).update(archived_at=now())

    message = launch(contact)
    Membership.objects.filter(segment=then).delete()
    Membership.objects.create(segment=later, contact=contact)

    assert Message.objects.get(pk=message.pk).segment_ids == [then.pk]
