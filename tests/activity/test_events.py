"""The store of events: what is written stays as it was written."""

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity import events, months
from activity.catalogue import KINDS, Channel, Kind, Origin, Status
from activity.erasure import erasing
from activity.events import NewEvent, NotAnEvent, record, record_many, recording
from activity.models import Event
from contacts.models import Contact
from tests.factories import ContactFactory, EventFactory

pytestmark = pytest.mark.django_db

UTC = datetime.UTC
DAY = datetime.timedelta(days=1)
DELIVERED = Kind(Channel.EMAIL, Origin.CAMPAIGN, Status.DELIVERED)


def now() -> datetime.datetime:
    return datetime.datetime.now(UTC)


def new(at: datetime.datetime | None = None, *, kind: Kind = DELIVERED, **values: Any) -> NewEvent:
    contact = values.pop("contact_id", None) or ContactFactory.create().pk
    return NewEvent(contact, at or now(), *kind, **values)


def values(event: Event) -> tuple[Any, ...]:
    return (event.contact_id, event.occurred_at, *event.kind, event.message_id, event.data)


def test_an_event_is_kept_with_all_that_is_told_of_it() -> None:
    told = new(message_id=7, data={"campaign": "Autumn “26”", "tags": ["boots", "б"], "at": 1.5, "none": None})
    event = record(**told._asdict())
    assert values(Event.objects.get()) == tuple(told)
    assert Event.objects.get().pk == event.pk


def test_what_has_just_occurred_needs_no_time() -> None:
    contact, before = ContactFactory.create(), now()
    event = record(contact_id=contact.pk, channel=Channel.CONTACT, origin=Origin.ADDED)
    assert before <= Event.objects.get().occurred_at <= now()
    assert (event.message_id, event.data, str(event)) == (None, {}, "Contact · Added")


def test_every_kind_of_the_catalogue_can_be_kept() -> None:
    contact = ContactFactory.create().pk
    assert record_many(new(kind=kind, contact_id=contact) for kind in KINDS) == len(KINDS)
    assert [event.kind for event in Event.objects.order_by("id")] == list(KINDS)


@pytest.mark.parametrize(
    "kind",
    [
        Kind(Channel.SMS, Origin.CAMPAIGN, Status.OPEN),
        Kind(Channel.CONTACT, Origin.CAMPAIGN, Status.NONE),
        Kind(Channel.EMAIL, Origin.SUBSCRIBED, Status.DELIVERED),
        Kind(Channel.EMAIL, Origin.CAMPAIGN, Status.NONE),
    ],
)
def test_what_the_catalogue_lacks_is_refused_by_us_and_by_the_database(kind: Kind) -> None:
    told = new(kind=kind)
    with pytest.raises(NotAnEvent, match=f"no event of the kind {kind.channel.slug} · "):
        record(**told._asdict())
    with pytest.raises(IntegrityError, match="event_in_catalogue"), transaction.atomic():
        EventFactory.create(channel=kind.channel, origin=kind.origin, status=kind.status)
    assert not Event.objects.exists()


def test_many_events_are_kept_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "CHUNK", 7)
    contacts = ContactFactory.create_batch(3)
    told = [
        new(now() - n * DAY, contact_id=contacts[n % 3].pk, message_id=n or None, data={"n": n} if n % 2 else {})
        for n in range(40)
    ]
    assert record_many(iter(told)) == 40
    assert [values(event) for event in Event.objects.order_by("id")] == [tuple(each) for each in told]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def kept(value: Any) -> Any:
    """What PostgreSQL can keep of it."""
    if isinstance(value, dict):
        return {kept(key): kept(each) for key, each in value.items()}
    if isinstance(value, list):
        return [kept(each) for each in value]
    return value.replace("\0", "") if isinstance(value, str) else value


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_whatever_providers_say_is_kept_by_either_way(data: dict[str, Any]) -> None:
    told = new(data=data)
    record_many([told])
    record(**told._asdict())
    one, other = Event.objects.order_by("-id")[:2]
    assert one.data == other.data == kept(data)


def test_halves_of_characters_do_not_stop_an_event() -> None:
    record_many([new(data={"words": "5.1.1 \ud83d unknown\0"})])
    record(**new(data={"words": "5.1.1 \ud83d unknown\0"})._asdict())
    assert [event.data for event in Event.objects.all()] == [{"words": "5.1.1 ? unknown"}] * 2


def test_one_that_cannot_be_leaves_none_behind_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "CHUNK", 2)
    told = [new(), new(), new(), new(now() + 10 * DAY), new()]
    with pytest.raises(NotAnEvent) as refused:
        record_many(told)
    assert refused.value.place == 3
    assert not Event.objects.exists()


@pytest.mark.parametrize("age", [datetime.timedelta(0), -DAY / 2, 400 * DAY, 20 * 365 * DAY])
def test_late_and_slightly_early_events_find_their_place(age: datetime.timedelta) -> None:
    contact, at = ContactFactory.create().pk, now() - age
    record(**new(at, contact_id=contact)._asdict())
    record_many([new(at, contact_id=contact)])
    assert list(Event.objects.of_contact(contact).values_list("occurred_at", flat=True)) == [at, at]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime.datetime(1970, 1, 1, tzinfo=UTC), "before the year 2000. Is the clock set"),
        (datetime.datetime(1, 1, 1, tzinfo=UTC), "before the year 2000"),
        (datetime.datetime(9999, 12, 31, 23, tzinfo=UTC), "is in the future"),
        (datetime.datetime.now(UTC) + 2 * DAY, "A clock may be ahead by a day"),
        (datetime.datetime(2026, 1, 1), "zone or an offset"),  # noqa: DTZ001 - that is the point
    ],
)
def test_absurd_times_are_refused_in_words(at: datetime.datetime, words: str) -> None:
    for write in (lambda told: record(**told._asdict()), lambda told: record_many([told])):
        with pytest.raises(NotAnEvent, match=words):
            write(new(at))
    assert not Event.objects.exists()


@override_settings(EVENTS_KEEP_MONTHS=12)
def test_events_of_months_that_are_not_kept_any_more_are_refused() -> None:
    record(**new(now() - 300 * DAY)._asdict())
    with pytest.raises(NotAnEvent, match="longer ago than events are kept"):
        record(**new(now() - 400 * DAY)._asdict())


def test_an_event_is_of_a_contact_that_exists() -> None:
    with pytest.raises(IntegrityError, match="activity_event_contact"), transaction.atomic():
        record(**new(contact_id=-1)._asdict())


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(error.value)


class TestAppendOnly:
    def partition(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM activity_event")
            return str(cursor.fetchone()[0])

    @pytest.mark.parametrize("change", ["status = 2", "data = '{}'", "occurred_at = occurred_at - interval '1 month'"])
    def test_no_event_can_be_changed(self, change: str) -> None:
        event = EventFactory.create()
        for table in ("activity_event", self.partition()):
            assert "append-only" in refused(f"UPDATE {table} SET {change}")
        event.data = {"forged": True}
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            event.save()
        assert Event.objects.get().data == {}

    def test_not_in_an_erasure_either(self) -> None:
        EventFactory.create()
        with erasing():
            assert "append-only" in refused("UPDATE activity_event SET status = 2")

    def test_no_event_can_be_deleted(self) -> None:
        event = EventFactory.create()
        for table in ("activity_event", self.partition()):
            assert "append-only" in refused(f"DELETE FROM {table}")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            event.delete()
        assert Event.objects.exists()

    def test_a_contact_with_events_cannot_go_without_an_erasure(self) -> None:
        event = EventFactory.create()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Contact.objects.get(pk=event.contact_id).delete()
        assert Contact.objects.filter(pk=event.contact_id).exists()

    def test_an_erasure_takes_the_events_of_the_contact_and_no_others(self) -> None:
        gone, other = EventFactory.create(), EventFactory.create()
        record(**new(now() - 400 * DAY, contact_id=gone.contact_id)._asdict())
        with erasing():
            Contact.objects.get(pk=gone.contact_id).delete()
        assert list(Event.objects.values_list("pk", flat=True)) == [other.pk]

    def test_behind_an_erasure_events_are_safe_again(self) -> None:
        EventFactory.create()
        with erasing():
            pass
        assert "append-only" in refused("DELETE FROM activity_event")
        with pytest.raises(RuntimeError), erasing():
            raise RuntimeError
        assert "append-only" in refused("DELETE FROM activity_event")


def test_a_statement_about_many_contacts_records_an_event_of_each() -> None:
    contacts = ContactFactory.create_batch(3)
    kind = Kind(Channel.CONTACT, Origin.DEACTIVATED, Status.NONE)
    months.ensure_present()
    adding = recording(kind, of="changed", data='{"by": "import"}')
    with connection.cursor() as cursor:
        cursor.execute(f"WITH changed AS (SELECT id FROM contacts_contact) {adding}")
    assert [(event.contact_id, event.kind, event.data) for event in Event.objects.order_by("contact_id")] == [
        (contact.pk, kind, {"by": "import"}) for contact in contacts
    ]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Kind(Channel.SMS, Origin.ADDED, Status.OPEN), "{}"),
        (Kind(Channel.CONTACT, Origin.ADDED, Status.NONE), '{"by": "O\'Hara"}'),
        (Kind(Channel.CONTACT, Origin.ADDED, Status.NONE), '{"discount": "20 %"}'),
    ],
)
def test_a_statement_is_made_of_the_programs_own_words(kind: Kind, data: str) -> None:
    with pytest.raises(ValueError, match="Kind"):
        recording(kind, of="changed", data=data)
