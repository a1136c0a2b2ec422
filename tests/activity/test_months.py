"""The months of events: made in time, made when they are missing, dropped when their time is over."""

import datetime
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from activity import months, tasks
from activity.catalogue import Channel, Origin
from activity.events import NewEvent, record, record_many
from activity.models import AuditEntry, Event
from tests.factories import ContactFactory

UTC = datetime.UTC
NOW = datetime.datetime(2031, 5, 31, 23, tzinfo=UTC)
FAR = datetime.datetime(2003, 2, 28, 23, 59, 59, 999999, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(months, "_committed", set())


def added(contact: int, at: datetime.datetime) -> NewEvent:
    return NewEvent(contact, at, Channel.CONTACT, Origin.ADDED)


def drop(*names: datetime.date) -> None:
    with connection.cursor() as cursor:
        for month in names:
            cursor.execute(f"DROP TABLE IF EXISTS activity_event_{month:%Y_%m}")


@pytest.mark.parametrize(
    ("month", "distance", "expected"),
    [
        (datetime.date(2026, 1, 1), 0, datetime.date(2026, 1, 1)),
        (datetime.date(2026, 12, 1), 1, datetime.date(2027, 1, 1)),
        (datetime.date(2026, 1, 1), -1, datetime.date(2025, 12, 1)),
        (datetime.date(2026, 3, 1), -27, datetime.date(2023, 12, 1)),
        (datetime.date(2026, 11, 1), 14, datetime.date(2028, 1, 1)),
    ],
)
def test_months_are_counted_over_the_ends_of_years(
    month: datetime.date, distance: int, expected: datetime.date
) -> None:
    assert months.later(month, distance) == expected


def test_the_month_of_a_time_is_that_of_utc() -> None:
    kyiv = datetime.timezone(datetime.timedelta(hours=3))
    assert months.month_of(datetime.datetime(2026, 7, 1, 1, tzinfo=kyiv)) == datetime.date(2026, 6, 1)


@pytest.mark.django_db
class TestMaking:
    def test_the_migration_made_the_months_around_the_present(self) -> None:
        present = months.month_of(datetime.datetime.now(UTC))
        assert {months.later(present, distance) for distance in range(4)} <= set(months.existing())

    def test_the_timetable_makes_months_ahead(self) -> None:
        assert months.make_ahead(NOW) == 4
        assert months.existing()[-4:] == [datetime.date(2031, month, 1) for month in (5, 6, 7, 8)]
        assert months.make_ahead(NOW) == 0
        tasks.make_months()

    def test_the_last_moment_of_a_month_and_the_first_of_the_next_are_kept_apart(self) -> None:
        contact = ContactFactory.create().pk
        record_many([added(contact, FAR), added(contact, FAR + datetime.timedelta(microseconds=1))])
        with connection.cursor() as cursor:
            cursor.execute("SELECT tableoid::regclass::text, occurred_at FROM activity_event ORDER BY occurred_at")
            rows = cursor.fetchall()
        assert rows[0] == ("activity_event_2003_02", FAR)
        assert rows[1] == ("activity_event_2003_03", datetime.datetime(2003, 3, 1, tzinfo=UTC))

    def test_a_month_is_made_in_the_transaction_that_adds_the_contact(self) -> None:
        contact = ContactFactory.create()
        record(**added(contact.pk, FAR)._asdict())
        assert Event.objects.get().occurred_at == FAR

    def test_a_made_month_has_the_indexes_and_rules_of_the_others(self) -> None:
        months.ensure([datetime.date(2003, 2, 1)])
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = 'activity_event_2003_02'")
            assert cursor.fetchone() == (3,)
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = 'activity_event_2003_02'::regclass"
                " AND contype IN ('c', 'f') ORDER BY conname"
            )
            assert [row[0] for row in cursor.fetchall()] == ["activity_event_contact", "event_in_catalogue"]
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'activity_event_2003_02'::regclass"
                " AND NOT tgisinternal ORDER BY tgname"
            )
            assert [row[0] for row in cursor.fetchall()] == ["activity_event_kept", "activity_event_unchanged"]


@pytest.fixture
def without_far_month(transactional_db: None) -> Iterator[Callable[[], int]]:
    """Gives a function that makes a contact, where the month of `FAR` is missing, before and after."""
    drop(datetime.date(2003, 2, 1))
    yield lambda: ContactFactory.create().pk
    connection.close()
    drop(datetime.date(2003, 2, 1))


def together(*works: Callable[[], object]) -> list[object]:
    """Does all of it at once, each on a connection of its own."""
    start = Barrier(len(works))

    def work(each: Callable[[], object]) -> object:
        try:
            start.wait(10)
            return each()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(work, works))


class TestConcurrency:
    def test_writers_in_need_of_the_same_month_all_get_it(self, without_far_month: Callable[[], int]) -> None:
        contacts = [without_far_month() for _writer in range(6)]
        one = [lambda pk=pk: record(**added(pk, FAR)._asdict()) for pk in contacts[:3]]
        many = [lambda pk=pk: record_many([added(pk, FAR)] * 50) for pk in contacts[3:]]
        together(*one, *many)
        counts = [Event.objects.of_contact(pk).count() for pk in contacts]
        assert counts == [1, 1, 1, 50, 50, 50]

    def test_a_month_that_another_made_meanwhile_is_found(self, without_far_month: Callable[[], int]) -> None:
        one, other = without_far_month(), without_far_month()
        with transaction.atomic():
            record(**added(one, datetime.datetime.now(UTC))._asdict())
            together(lambda: record(**added(other, FAR)._asdict()))
            record_many([added(one, FAR)])
        assert Event.objects.count() == 3

    def test_a_month_whose_maker_failed_is_made_by_the_next(self, without_far_month: Callable[[], int]) -> None:
        contact = without_far_month()
        with transaction.atomic():
            record(**added(contact, FAR)._asdict())
            transaction.set_rollback(True)
        assert datetime.date(2003, 2, 1) not in months.existing()
        record(**added(contact, FAR)._asdict())
        assert Event.objects.count() == 1

    def test_a_committed_month_is_asked_for_no_more(self, without_far_month: Callable[[], int]) -> None:
        contact = without_far_month()
        record(**added(contact, FAR)._asdict())
        with CaptureQueriesContext(connection) as queries:
            record(**added(contact, FAR)._asdict())
        assert len(queries) == 1


class TestRetention:
    def test_events_are_kept_for_ever_unless_told_otherwise(self, without_far_month: Callable[[], int]) -> None:
        record(**added(without_far_month(), FAR)._asdict())
        assert months.drop_old(NOW) == 0
        assert Event.objects.count() == 1

    def test_whole_months_are_dropped(self, without_far_month: Callable[[], int]) -> None:
        contact = without_far_month()
        edge = datetime.datetime(2003, 3, 1, tzinfo=UTC)
        record_many([added(contact, FAR), added(contact, edge)])
        with override_settings(EVENTS_KEEP_MONTHS=14):
            assert months.drop_old(datetime.datetime(2004, 5, 31, tzinfo=UTC)) == 1
            assert months.drop_old(datetime.datetime(2004, 5, 31, tzinfo=UTC)) == 0
        assert list(Event.objects.values_list("occurred_at", flat=True)) == [edge]
        entry = AuditEntry.objects.get(verb="events.drop_month")
        assert (entry.actor_name, entry.details) == ("Rapport", {"month": "2003-02"})
        drop(datetime.date(2003, 3, 1))

    def test_a_month_in_use_waits_for_the_next_time(
        self, without_far_month: Callable[[], int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(months, "LOCK_MILLISECONDS", 50)
        contact = without_far_month()
        record(**added(contact, FAR)._asdict())
        later = datetime.datetime(2004, 5, 31, tzinfo=UTC)
        with override_settings(EVENTS_KEEP_MONTHS=2):
            with transaction.atomic():
                assert Event.objects.count() == 1
                assert together(lambda: months.drop_old(later)) == [0]
            assert months.drop_old(later) == 1
        assert not AuditEntry.objects.exclude(verb="events.drop_month").exists()

    def test_the_timetable_drops_them(self, without_far_month: Callable[[], int]) -> None:
        record(**added(without_far_month(), FAR)._asdict())
        with override_settings(EVENTS_KEEP_MONTHS=120):
            tasks.drop_months()
        assert not Event.objects.exists()
