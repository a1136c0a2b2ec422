"""Erasing contacts: what goes, what stays, what is written down, and who may come at the same time."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connections, models, transaction
from django.test import Client
from django.utils import timezone

from activity.audit import Actor
from activity.catalogue import Channel, Origin, Status
from activity.events import NewEvent, record_many
from activity.models import AuditEntry, Event
from contacts.erasure import personal_data
from contacts.erasure.erase import ERASED, erase, erase_many
from contacts.models import Contact, Erasure
from messaging.delivery.work import deliver
from messaging.models import Message, PushSubscription
from messaging.providers.sandbox.playing import play
from messaging.tellings import Telling
from notes.models import Note
from segments.models import Behaviour, Membership, Segment
from subscriptions import blacklists
from subscriptions.facts import Blacklist, Door, Reason
from subscriptions.models import BlacklistEntry, ConsentRecord, OptOut
from subscriptions.policy import Closed, verdicts
from tests.factories import ContactFactory, NoteFactory
from tests.messaging.messages import launch
from tests.subscriptions.consent import subscribe, unsubscribe
from tests.waiting import await_waiting

pytestmark = pytest.mark.django_db

ACTOR = Actor(name="olga", ip="192.0.2.7")


def with_everything(**values: Any) -> Contact:
    """A contact who has rows in every table that an erasure empties."""
    contact = ContactFactory.create(**values)
    NoteFactory.create(contact=contact)
    subscribe(contact)
    launch(contact)
    deliver(Channel.EMAIL)
    play(message=Message.objects.get(contact=contact), telling=Telling.DELIVERED, actor=ACTOR)
    unsubscribe(contact)
    PushSubscription.objects.create(
        contact=contact, channel=Channel.DESKTOP_WEBPUSH, endpoint=f"https://push.example.com/{contact.pk}"
    )
    segment, _made = Segment.objects.get_or_create(name="Everybody", defaults={"definition": {}})
    Membership.objects.create(segment=segment, contact=contact)
    Behaviour.objects.create(contact=contact, last_at=timezone.now(), channel=1, deed=2, name="", days=[])
    return contact


def test_every_table_with_a_text_or_a_contact_is_named() -> None:
    """A new model fails here until somebody has decided what an erasure does with it."""
    named = {table.label for table in personal_data.erased()} | personal_data.kept().keys()
    telling = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)
    for model in apps.get_models(include_auto_created=True):
        fields = model._meta.get_fields()
        tells = any(isinstance(field, telling) or field.related_model is Contact for field in fields)
        meta = model._meta
        assert not tells or meta.label in named or meta.app_label in named, f"{meta.label}: see contacts.erasure"


def test_what_goes_with_a_contact_goes_by_a_column_that_leads_to_it() -> None:
    for table in personal_data.erased():
        model = apps.get_model(table.label)
        field = next(field for field in model._meta.concrete_fields if field.attname == table.contact)
        assert model is Contact or field.related_model is Contact


def test_all_rows_go_and_the_receipt_counts_them() -> None:
    contact, other = with_everything(), with_everything()
    erasure = erase([contact.pk], actor=ACTOR)
    assert erasure is not None
    assert erasure.rows == {
        "contacts.Contact": 1,
        "activity.Event": 3,
        "notes.Note": 1,
        "subscriptions.Subscription": 1,
        "subscriptions.ConsentRecord": 2,
        "messaging.Message": 1,
        "messaging.RenderedContent": 1,
        "messaging.Attempt": 1,
        "messaging.Receipt": 1,
        "messaging.PushSubscription": 1,
        "segments.Membership": 1,
        "segments.Behaviour": 1,
    }
    assert erasure.rows.keys() == {table.label for table in personal_data.erased()}
    for model, column in ((Contact, "pk"), (Event, "contact"), (Note, "contact"), (Message, "contact")):
        assert not model._default_manager.filter(**{column: contact.pk}).exists()
        assert model._default_manager.filter(**{column: other.pk}).exists()
    assert not ConsentRecord.objects.filter(contact=contact.pk).exists()


def test_it_is_written_down_without_a_personal_value() -> None:
    contact = with_everything(email="olga@example.com", user_id="u-7", phone="+380501112233", first_name="Olga")
    erasure = erase([contact.pk], actor=ACTOR)
    entry = AuditEntry.objects.get(verb=ERASED)
    assert erasure is not None
    assert (entry.actor_name, entry.ip, entry.object_id) == ("olga", "192.0.2.7", erasure.pk)
    assert entry.details["contacts"] == 1
    assert not [word for word in ("olga@", "u-7", "+380", "Olga") if word in str(entry.details)]


def test_opt_outs_and_blacklistings_outlive_it_as_digests() -> None:
    contact = with_everything(email="olga@example.com")
    blacklists.add(
        kind=Blacklist.EMAIL,
        address="olga@example.com",
        reason=Reason.MANUAL,
        note="Olga asked",
        actor=ACTOR,
        door=Door.PAGE,
    )
    erase([contact.pk], actor=ACTOR)
    entry = BlacklistEntry.objects.get()
    assert (entry.address, entry.note) == (None, "")
    assert OptOut.objects.count() == 1
    again = ContactFactory.create(email="olga@example.com")
    assert {Closed.BLACKLISTED, Closed.UNSUBSCRIBED} <= set(verdicts(again.pk)[Channel.EMAIL].reasons)


def test_who_has_gone_already_is_no_error() -> None:
    contact = ContactFactory.create()
    assert erase([contact.pk], actor=ACTOR)
    assert erase([contact.pk], actor=ACTOR) is None
    assert erase([], actor=ACTOR) is None
    assert Erasure.objects.count() == 1


def test_many_go_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contacts.erasure.erase._SLICE", 2)
    people = ContactFactory.create_batch(5)
    receipts = list(erase_many([person.pk for person in people], actor=ACTOR))
    assert [len(receipt.contacts) for receipt in receipts] == [2, 2, 1]
    assert not Contact.objects.exists()


def test_a_long_history_goes_too() -> None:
    contact = ContactFactory.create()
    now = timezone.now()
    record_many(
        NewEvent(contact.pk, now - timedelta(hours=n), Channel.EMAIL, Origin.CAMPAIGN, Status.DELIVERED)
        for n in range(2_000)
    )
    erasure = erase([contact.pk], actor=ACTOR)
    assert erasure is not None
    assert erasure.rows["activity.Event"] == 2_000


def test_without_an_erasure_the_database_keeps_the_rows() -> None:
    contact = with_everything()
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        contact.delete()
    assert Contact.objects.filter(pk=contact.pk).exists()


class TestPage:
    def test_says_what_will_go_and_then_does_it(self, site: Client) -> None:
        contact = with_everything(first_name="Olga", last_name="Petrenko")
        page = site.get(f"/contacts/{contact.pk}/delete/").content.decode()
        assert "Delete <bdi>Olga Petrenko</bdi>?" in page
        for words in ("Events: 3", "Messages: 1", "Notes: 1", "Consent records: 2"):
            assert words in page
        assert Contact.objects.filter(pk=contact.pk).exists(), "a look deletes nobody"
        answer = site.post(f"/contacts/{contact.pk}/delete/", follow=True)
        assert "has been deleted for good" in answer.content.decode()
        assert not Contact.objects.filter(pk=contact.pk).exists()

    def test_sent_twice_it_says_so_twice(self, site: Client) -> None:
        contact = ContactFactory.create()
        for _time in range(2):
            assert "deleted for good" in site.post(f"/contacts/{contact.pk}/delete/", follow=True).content.decode()
        assert Erasure.objects.count() == 1

    def test_support_may_not(self, support: Any, signed_in: Any) -> None:
        contact = ContactFactory.create()
        for method in ("get", "post"):
            assert getattr(signed_in(support), method)(f"/contacts/{contact.pk}/delete/").status_code == 403
        assert Contact.objects.filter(pk=contact.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "data", "code"),
    [
        ("edit/firstName/", {"text": "Olga", "seen": ""}, 404),
        ("notes/", {"text": "A note", "key": "0b9f5c2e-6df1-4a0c-9a66-6d9b7a2f7f11"}, 302),
    ],
)
def test_who_writes_at_the_same_time_gets_no_error_page(
    address: str, data: dict[str, str], code: int, site: Client
) -> None:
    """The writer comes while the erasure is not committed yet, and waits for it."""
    contact = ContactFactory.create()
    site.get("/contacts/")
    answers: list[int] = []

    def write() -> None:
        try:
            answers.append(site.post(f"/contacts/{contact.pk}/{address}", data).status_code)
        finally:
            connections.close_all()

    with transaction.atomic():
        erase([contact.pk], actor=ACTOR)
        writer = threading.Thread(target=write)
        writer.start()
        await_waiting()
    writer.join(30)
    assert answers == [code]
    assert not Contact.objects.exists()
    assert not Note.objects.exists()
