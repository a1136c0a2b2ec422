"""What contacts did, in sum, is what their events say: after any ingest, in whatever order it commits."""

import datetime
import threading
from random import Random

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from django.utils.timezone import get_default_timezone
from pytest_django import Settings

from activity.audit import Actor
from activity.catalogue import Channel, Origin, Status
from activity.events import NewEvent, record, record_many
from activity.models import Event
from contacts.erasure.erase import erase
from contacts.models import Contact
from segments import behaviour
from segments.behaviour import feed, follow_zone, rebuild
from segments.changes import look_at_changed
from segments.conditions import MOST_TIMES
from segments.evaluation import evaluate, today
from segments.fields import deed_of
from segments.keeping import turn_day
from segments.models import Behaviour, Change, Segment
from tests.factories import ContactFactory, EventFactory
from tests.segments.making import members, segment, settle
from tests.segments.trees import components, events, people

Row = tuple[int, int, int, str]


def kept() -> dict[Row, tuple[datetime.datetime, list[datetime.date]]]:
    rows = Behaviour.objects.values_list("contact_id", "channel", "deed", "name", "last_at", "days")
    return {row[:4]: row[4:] for row in rows}


def added_up() -> dict[Row, tuple[datetime.datetime, list[datetime.date]]]:
    """The same from all events, one by one."""
    found: dict[Row, list[datetime.datetime]] = {}
    for event in Event.objects.exclude(channel=Channel.CONTACT, origin__in=[22, 23]):
        channel, deed, _name = deed_of(*event.kind)
        names = {"", event.data.get("name", "") if event.channel == Channel.OTHER else ""}
        for name in names:
            found.setdefault((event.contact_id, channel, deed, name), []).append(event.occurred_at)
    summed = {}
    for row, times in found.items():
        newest = sorted(times, reverse=True)
        summed[row] = (newest[0], [at.astimezone(get_default_timezone()).date() for at in newest[:MOST_TIMES]])
    return summed


@pytest.mark.django_db
def test_it_is_the_sum_of_the_events_in_however_many_parts_they_come() -> None:
    draw = Random(3)
    components()
    contacts = people(draw, 10)
    for part in (1, 40, 300):
        events(draw, contacts, part)
        feed(batch=37)
    some, opened = contacts[0], (Channel.EMAIL, Origin.CAMPAIGN, Status.OPEN)
    long_ago = timezone.now() - datetime.timedelta(days=50)
    record_many(NewEvent(some.pk, long_ago + datetime.timedelta(hours=n), *opened) for n in range(2 * MOST_TIMES))
    feed(batch=33)

    assert kept() == added_up()
    fed = kept()
    rebuild()
    assert kept() == fed


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_keeps_in_step_with_who_adds_up_and_erases_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others work after all has been summed up, before it is put in its place."""
    gone, stays = ContactFactory.create_batch(2)
    EventFactory.create_batch(2, contact=gone)
    EventFactory.create_batch(2, contact=stays)
    feed()
    Behaviour.objects.update(days=[])
    replace = behaviour._replace

    def elsewhere() -> None:
        erase([gone.pk], actor=Actor())
        EventFactory.create(contact=stays)
        settle()
        connection.close()

    def meanwhile(upto: int, zone: str) -> int:
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join(20)
        assert not other.is_alive(), "nobody waits while events are summed up"
        return replace(upto, zone)

    monkeypatch.setattr(behaviour, "_replace", meanwhile)
    assert rebuild() == 1
    feed()

    assert kept() == added_up()
    assert [len(row.days) for row in Behaviour.objects.all()] == [3]


@pytest.mark.django_db
def test_days_are_those_of_the_account_also_after_it_has_moved(settings: Settings) -> None:
    contact = ContactFactory.create()
    EventFactory.create(contact=contact, occurred_at=datetime.datetime(2026, 11, 3, 12, 30, tzinfo=datetime.UTC))
    feed()
    assert [row.days for row in Behaviour.objects.all()] == [[datetime.date(2026, 11, 3)]]
    assert not follow_zone()
    made = segment({"field": "active", "op": "yes"})
    settle()

    settings.TIME_ZONE = "Pacific/Auckland"

    assert follow_zone()
    assert not follow_zone()
    assert [row.days for row in Behaviour.objects.all()] == [[datetime.date(2026, 11, 4)]]
    assert list(Segment.objects.due(timezone.now())) == [made]
    EventFactory.create(contact=contact, occurred_at=datetime.datetime(2026, 11, 4, 20, tzinfo=datetime.UTC))
    feed()
    assert kept() == added_up()


@pytest.mark.django_db
def test_each_event_counts_once_and_its_contact_is_looked_at() -> None:
    contact = ContactFactory.create()
    EventFactory.create(contact=contact)
    Change.objects.all().delete()

    assert feed() > 0
    assert feed() == 0

    assert [len(row.days) for row in Behaviour.objects.all()] == [1]
    assert list(Change.objects.values_list("contact_id", flat=True)) == [contact.pk]


@pytest.mark.django_db(transaction=True)
def test_events_that_commit_late_are_not_passed_over() -> None:
    """A transaction has its numbers and nobody has ended since: nothing is added up before it has."""
    contact = ContactFactory.create()
    feed()
    written, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            record(contact_id=contact.pk, channel=Channel.EMAIL, origin=Origin.CAMPAIGN, status=Status.OPEN)
            written.set()
            go_on.wait(10)
        connection.close()

    writer = threading.Thread(target=slowly)
    writer.start()
    assert written.wait(10)
    feed()
    before = kept()
    go_on.set()
    writer.join()
    EventFactory.create(contact=contact, status=Status.SOFT)
    feed()
    feed()

    assert before == {}
    assert kept() == added_up()
    assert len(kept()) == 2


@pytest.mark.django_db
@override_settings(EVENTS_KEEP_MONTHS=2)
def test_it_is_kept_no_longer_than_events() -> None:
    opened = {"field": "did:email:open", "op": "at_least", "value": 1}
    contact = ContactFactory.create()
    EventFactory.create(contact=contact, status=Status.OPEN)
    made = segment(opened)
    turn_day(today())
    settle()
    assert members(made) == {contact.pk}
    later = today() + datetime.timedelta(days=120)

    assert turn_day(later)

    assert not Behaviour.objects.exists()
    assert evaluate(made.pk, as_of=later)
    assert members(made) == set()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_who_is_erased() -> None:
    contact = ContactFactory.create()
    EventFactory.create(contact=contact)
    feed()

    erase([contact.pk], actor=Actor())
    feed()
    look_at_changed()

    assert not Behaviour.objects.exists()
    assert not Change.objects.filter(contact_id=contact.pk).exists()
    assert not Contact.objects.exists()
