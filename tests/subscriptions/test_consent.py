"""Subscribing and unsubscribing: an opt-out ends with evidence alone, and every change leaves its records."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel, Origin
from activity.erasure import erasing
from activity.models import AuditEntry, Event
from config.models import User
from contacts.models import Contact
from subscriptions.consent import state_of
from subscriptions.erasure import keep_refusals
from subscriptions.facts import BEGUN_BY_THE_PERSON, Door, Fact, State
from subscriptions.models import ConsentRecord, Subscription
from subscriptions.records import Evidence, Refused
from tests.factories import ContactFactory, ContactListFactory
from tests.subscriptions.consent import ASKED, EVIDENCE, closed, opt_in, subscribe, unsubscribe

pytestmark = pytest.mark.django_db
BY_HAND = sorted(set(MESSAGE_CHANNELS) - BEGUN_BY_THE_PERSON)


@pytest.fixture
def contact() -> Contact:
    return ContactFactory.create(phone="+380671234567")


class TestRecords:
    def test_each_change_leaves_an_event_a_consent_record_and_an_audit_entry(
        self, contact: Contact, marketer: User
    ) -> None:
        actor = Actor(marketer, "marta", "192.0.2.7")
        assert subscribe(contact, actor=actor, reason="At the fair")
        record = ConsentRecord.objects.get()
        assert (record.fact, record.before, record.after) == (Fact.EMAIL, "never", "subscribed")
        assert (record.user_id, record.by, record.ip, record.door) == (marketer.pk, "marta", "192.0.2.7", Door.PAGE)
        assert record.reason == "At the fair"
        event = Event.objects.get()
        assert (event.channel, event.origin) == (Channel.EMAIL, Origin.SUBSCRIBED)
        assert AuditEntry.objects.get().verb == "subscription.subscribe"
        assert unsubscribe(contact)
        assert list(ConsentRecord.objects.order_by("id").values_list("after", flat=True)) == [
            "subscribed",
            "unsubscribed",
        ]
        assert set(Event.objects.values_list("origin", flat=True)) == {Origin.SUBSCRIBED, Origin.UNSUBSCRIBED}

    def test_what_changes_nothing_leaves_nothing(self, contact: Contact) -> None:
        subscribe(contact)
        assert not subscribe(contact)
        unsubscribe(contact)
        assert not unsubscribe(contact)
        assert (ConsentRecord.objects.count(), Event.objects.count(), AuditEntry.objects.count()) == (2, 2, 2)

    def test_are_never_changed_and_go_by_erasure_alone(self, contact: Contact) -> None:
        subscribe(contact)
        for change in (lambda: ConsentRecord.objects.update(by="nobody"), ConsentRecord.objects.all().delete):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                change()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            contact.delete()
        with erasing():
            contact.delete()
        assert not ConsentRecord.objects.exists()

    def test_what_fails_leaves_nothing_of_itself(self, contact: Contact) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE activity_auditentry ADD CONSTRAINT none CHECK (false) NOT VALID")
        with pytest.raises(IntegrityError), transaction.atomic():
            subscribe(contact)
        assert not Subscription.objects.exists()
        assert not ConsentRecord.objects.exists()
        assert not Event.objects.exists()


class TestSubscribing:
    @pytest.mark.parametrize("channel", BY_HAND)
    def test_by_hand_may_be_the_first_time(self, contact: Contact, channel: Channel) -> None:
        assert subscribe(contact, channel)
        assert closed(contact, channel) == []

    @pytest.mark.parametrize("channel", sorted(BEGUN_BY_THE_PERSON))
    @pytest.mark.parametrize("door", [Door.PAGE, Door.ADMIN])
    def test_by_hand_cannot_be_the_first_time_where_the_person_begins(
        self, contact: Contact, channel: Channel, door: Door
    ) -> None:
        with pytest.raises(Refused) as refusal:
            subscribe(contact, channel, door=door, **ASKED)
        assert refusal.value.code == "begun_by_the_person"
        unsubscribe(contact, channel)  # which is not a beginning
        with pytest.raises(Refused, match="begins with the person"):
            subscribe(contact, channel, door=door, **ASKED)

    @pytest.mark.parametrize("channel", sorted(BEGUN_BY_THE_PERSON))
    def test_by_hand_comes_back_to_what_the_person_began(self, contact: Contact, channel: Channel) -> None:
        opt_in(contact, channel)
        unsubscribe(contact, channel)
        assert subscribe(contact, channel, **ASKED)

    @pytest.mark.parametrize("door", [Door.IMPORT, Door.API])
    def test_an_import_or_the_api_begins_with_consent(self, contact: Contact, door: Door) -> None:
        with pytest.raises(Refused, match="needs where, when"):
            subscribe(contact, Channel.VIBER, door=door)
        assert subscribe(contact, Channel.VIBER, door=door, evidence=EVIDENCE)

    @pytest.mark.parametrize("door", list(Door))
    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"reason": "Asked"},
            {"evidence": EVIDENCE},
            {"reason": " ", "evidence": EVIDENCE},
            {"reason": "Asked", "evidence": Evidence(" ", EVIDENCE.at, EVIDENCE.wording)},
            {"reason": "Asked", "evidence": Evidence(EVIDENCE.source, EVIDENCE.at, "")},
        ],
    )
    def test_no_door_ends_an_opt_out_without_reason_and_evidence(
        self, contact: Contact, door: Door, given: dict[str, Any]
    ) -> None:
        subscribe(contact)
        unsubscribe(contact)
        with pytest.raises(Refused) as refusal:
            subscribe(contact, door=door, **given)
        assert refusal.value.code == "evidence"
        assert state_of(contact, Channel.EMAIL)[0] is State.UNSUBSCRIBED

    def test_evidence_ends_an_opt_out_for_whom_may(self, contact: Contact, support: User, marketer: User) -> None:
        unsubscribe(contact)
        with pytest.raises(Refused, match="may not"):
            subscribe(contact, actor=Actor(support, "support"), **ASKED)
        assert subscribe(contact, actor=Actor(marketer, "marta"), **ASKED)
        record = ConsentRecord.objects.latest("id")
        assert (record.before, record.evidence["wording"]) == ("unsubscribed", EVIDENCE.wording)
        assert closed(contact) == []

    def test_whoever_decided_before_an_opt_out_is_refused(self, contact: Contact) -> None:
        seen = ConsentRecord.objects.latest_of(contact.pk, Fact.EMAIL)
        unsubscribe(contact)
        with pytest.raises(Refused) as refusal:
            subscribe(contact, seen=seen, **ASKED)
        assert refusal.value.code == "changed_meanwhile"
        assert subscribe(contact, seen=ConsentRecord.objects.latest_of(contact.pk, Fact.EMAIL), **ASKED)

    def test_the_persons_own_act_is_evidence(self, contact: Contact) -> None:
        unsubscribe(contact, Channel.TELEGRAM)
        assert opt_in(contact, Channel.TELEGRAM)
        assert ConsentRecord.objects.latest("id").evidence["wording"] == "Start the bot"
        assert closed(contact, Channel.TELEGRAM) == []
        assert not opt_in(contact, Channel.TELEGRAM, address="chat-2")
        assert Subscription.objects.get().address == "chat-2"


class TestOptOuts:
    def test_outlive_the_contact(self, contact: Contact) -> None:
        unsubscribe(contact)
        with erasing():
            keep_refusals([contact.pk])
            contact.delete()
        again = ContactFactory.create(email=contact.email)
        assert state_of(again, Channel.EMAIL)[0] is State.UNSUBSCRIBED
        with pytest.raises(Refused, match="opted out"):
            subscribe(again, door=Door.IMPORT)
        assert subscribe(again, **ASKED)
        assert closed(again) == []

    def test_outlive_the_contact_at_the_address_it_had_last(self, contact: Contact) -> None:
        unsubscribe(contact)
        Contact.objects.filter(pk=contact.pk).update(email="moved@example.com")
        with erasing():
            keep_refusals([contact.pk])
            contact.delete()
        for address in (contact.email, "moved@example.com"):
            assert state_of(ContactFactory.create(email=address), Channel.EMAIL)[0] is State.UNSUBSCRIBED

    def test_hold_for_everybody_with_the_address(self, contact: Contact) -> None:
        other = ContactFactory.create(email=contact.email, contact_list=ContactListFactory.create())
        subscribe(other)
        unsubscribe(contact)
        assert not Subscription.objects.filter(contact=other, state=State.UNSUBSCRIBED).exists()
        assert closed(other) != []
        assert unsubscribe(other)

    def test_are_of_one_channel(self, contact: Contact) -> None:
        subscribe(contact, Channel.SMS)
        opt_in(contact, Channel.VIBER)
        unsubscribe(contact, Channel.VIBER)
        assert closed(contact, Channel.SMS) == []
