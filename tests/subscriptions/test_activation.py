"""Activate and Deactivate, and what happens when two people change the same thing at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from activity.audit import Actor
from activity.catalogue import Channel, Origin
from activity.models import AuditEntry, Event
from contacts.models import Contact
from subscriptions import blacklists
from subscriptions.activation import activate, deactivate
from subscriptions.facts import Blacklist, Door, Fact, Reason
from subscriptions.models import BlacklistEntry, ConsentRecord, OptOut, Subscription
from subscriptions.records import Refused
from tests.factories import ContactFactory
from tests.subscriptions.consent import ASKED, subscribe, unsubscribe

ROUNDS = 10


@pytest.mark.django_db
class TestActivation:
    def test_leaves_an_event_a_consent_record_and_an_audit_entry(self) -> None:
        contact = ContactFactory.create()
        assert deactivate(contact=contact, actor=Actor(), door=Door.PAGE, reason="Moved away")
        assert not deactivate(contact=contact, actor=Actor(), door=Door.PAGE)
        assert activate(contact=contact, actor=Actor(), door=Door.PAGE)
        assert not activate(contact=contact, actor=Actor(), door=Door.PAGE)
        records = ConsentRecord.objects.order_by("id").values_list("fact", "before", "after", "reason")
        assert list(records) == [
            (Fact.ACTIVE, "active", "inactive", "Moved away"),
            (Fact.ACTIVE, "inactive", "active", ""),
        ]
        assert set(Event.objects.values_list("channel", "origin")) == {
            (Channel.CONTACT, Origin.ACTIVATED),
            (Channel.CONTACT, Origin.DEACTIVATED),
        }
        assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"contact.activate", "contact.deactivate"}

    def test_leaves_channels_as_they_are(self) -> None:
        contact = ContactFactory.create()
        subscribe(contact)
        before = list(Subscription.objects.values())
        deactivate(contact=contact, actor=Actor(), door=Door.PAGE)
        activate(contact=contact, actor=Actor(), door=Door.PAGE)
        assert list(Subscription.objects.values()) == before

    def test_whoever_looked_before_a_deactivation_does_not_undo_it(self) -> None:
        contact = ContactFactory.create()
        seen = ConsentRecord.objects.latest_of(contact.pk, Fact.ACTIVE)
        deactivate(contact=contact, actor=Actor(), door=Door.PAGE)
        with pytest.raises(Refused, match="meanwhile"):
            activate(contact=contact, actor=Actor(), door=Door.PAGE, seen=seen)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Results or refusals of jobs that run at the same time, each on a connection of its own."""
    start = Barrier(len(jobs))

    def work(job: Callable[[], object]) -> object:
        start.wait()
        try:
            return job()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(work, jobs))


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_the_stricter_of_activate_and_deactivate_wins(self) -> None:
        for _round in range(ROUNDS):
            contact = ContactFactory.create(is_active=False)
            seen = ConsentRecord.objects.latest_of(contact.pk, Fact.ACTIVE)
            activate(contact=contact, actor=Actor(), door=Door.PAGE, seen=seen)
            at_once(
                lambda: deactivate(contact=contact, actor=Actor(), door=Door.PAGE),  # noqa: B023
                lambda: activate(contact=contact, actor=Actor(), door=Door.PAGE, seen=seen),  # noqa: B023
            )
            contact.refresh_from_db()
            assert not contact.is_active

    def test_an_opt_out_wins_over_a_subscription(self) -> None:
        for _round in range(ROUNDS):
            contact = ContactFactory.create()
            seen = ConsentRecord.objects.latest_of(contact.pk, Fact.EMAIL)
            at_once(
                lambda: unsubscribe(contact),  # noqa: B023
                lambda: subscribe(contact, seen=seen, **ASKED),  # noqa: B023
            )
            assert Subscription.objects.get(contact=contact).get_state_display() == "Unsubscribed"
            assert OptOut.objects.filter(channel=Channel.EMAIL).count() == _round + 1

    def test_the_same_change_twice_is_made_once(self) -> None:
        contact = ContactFactory.create()
        assert sorted(at_once(*[lambda: unsubscribe(contact)] * 8), key=bool) == [False] * 7 + [True]
        assert ConsentRecord.objects.count() == Event.objects.count() == 1

    def test_an_address_that_two_list_is_listed_once(self) -> None:
        ContactFactory.create(email="olga@example.com")

        def add() -> bool:
            return blacklists.add(
                kind=Blacklist.EMAIL, address="olga@example.com", reason=Reason.MANUAL, actor=Actor(), door=Door.ADMIN
            )

        assert sorted(at_once(*[add] * 8), key=bool) == [False] * 7 + [True]
        assert (BlacklistEntry.objects.count(), ConsentRecord.objects.count()) == (1, 1)
        assert Contact.objects.count() == 1
