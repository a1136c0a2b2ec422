"""Counts above a feed."""

import datetime
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity import summaries
from activity.catalogue import KINDS, Channel, Kind, Origin, Status
from activity.events import NewEvent, record_many
from activity.feed import Filters, Period
from activity.summaries import summary
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db

UTC = datetime.UTC
NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = datetime.timedelta(days=1)
DELIVERED = Kind(Channel.EMAIL, Origin.CAMPAIGN, Status.DELIVERED)
CLICK = Kind(Channel.SMS, Origin.TRANSACTION, Status.CLICK)
ADDED = Kind(Channel.CONTACT, Origin.ADDED, Status.NONE)


def tell(*told: tuple[datetime.datetime, Kind]) -> int:
    contact = int(ContactFactory.create().pk)
    record_many(NewEvent(contact, at, *kind) for at, kind in told)
    return contact


def test_it_counts_by_status_and_by_day() -> None:
    contact = tell(
        (NOW, CLICK),
        (NOW, DELIVERED),
        (NOW - DAY, DELIVERED),
        (NOW - DAY, ADDED),
        (NOW - 6 * DAY, DELIVERED),
        (NOW - 7 * DAY, DELIVERED),
    )
    with CaptureQueriesContext(connection) as queries:
        found = summary(contact, Filters(), now=NOW)
    assert len(queries) == 1
    assert found.total == 5
    assert found.words == [(Status.DELIVERED, 3), (Status.CLICK, 1), (Origin.ADDED, 1)]
    assert [(bar.start.day, bar.count) for bar in found.bars] == [
        (19, 1), (20, 0), (21, 0), (22, 0), (23, 0), (24, 2), (25, 2),
    ]  # fmt: skip
    assert found.since is None


def test_a_contact_without_events_has_nothing_to_count() -> None:
    found = summary(tell(), Filters(period=Period.ALL), now=NOW)
    assert (found.total, found.words, found.since) == (0, [], None)
    assert [bar.count for bar in found.bars] == [0] * 12


def test_all_time_has_a_bar_a_month_and_counts_what_is_older_too() -> None:
    contact = tell((NOW, DELIVERED), (NOW - 300 * DAY, DELIVERED), (NOW - 900 * DAY, CLICK))
    found = summary(contact, Filters(period=Period.ALL), now=NOW)
    assert found.total == 3
    assert [bar.start.isoformat() for bar in found.bars[:2]] == ["2025-12-01", "2026-01-01"]
    assert {bar.start.isoformat(): bar.count for bar in found.bars if bar.count} == {"2026-01-01": 1, "2026-11-01": 1}


def test_days_are_those_of_the_viewer() -> None:
    contact = tell((datetime.datetime(2026, 11, 24, 23, tzinfo=UTC), DELIVERED))
    for zone, day in (("UTC", 24), ("Europe/Kyiv", 25), ("America/New_York", 24)):
        with timezone.override(zone):
            bars = summary(contact, Filters(), now=NOW).bars
        assert [bar.start.day for bar in bars if bar.count] == [day]


def test_filters_hold_for_the_counts() -> None:
    contact = tell((NOW, CLICK), (NOW, DELIVERED), (NOW, ADDED))
    for filters, words in (
        (Filters(Channel.SMS), [(Status.CLICK, 1)]),
        (Filters(Channel.CONTACT), [(Origin.ADDED, 1)]),
        (Filters(None, Origin.CAMPAIGN), [(Status.DELIVERED, 1)]),
        (Filters(status=Status.HARD), []),
    ):
        found = summary(contact, filters, now=NOW)
        assert (found.words, found.total) == (words, len(words))


def test_only_so_many_events_are_looked_at_and_it_says_since_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "MOST", 4)
    contact = tell(*[(NOW - hours * DAY / 24, DELIVERED if hours % 2 else CLICK) for hours in range(6)])
    found = summary(contact, Filters(None, None, Status.DELIVERED), now=NOW)
    assert (found.total, found.since) == (2, NOW - 3 * DAY / 24)
    rare = summary(contact, Filters(None, None, Status.CLICK), now=NOW)
    assert (rare.total, rare.since) == (3, None), "of the infrequent ones, none but they are looked at"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 40 * 24), st.sampled_from(KINDS)), max_size=30), st.sampled_from(Period))
def test_counts_are_those_of_a_list_in_memory(told: list[tuple[int, Kind]], period: Period) -> None:
    events = [(NOW - hours * DAY / 24, kind) for hours, kind in told]
    found = summary(tell(*events), Filters(period=period), now=NOW)
    start = period.start(NOW)
    kept = [(at, kind) for at, kind in events if start is None or at >= start]
    assert found.total == len(kept)
    words = Counter((type(code), code.value) for _at, kind in kept for code in [_word(kind)])
    assert {(type(code), code.value): count for code, count in found.words} == words
    if period.days:
        days = Counter(at.date() for at, _kind in kept)
        assert {bar.start: bar.count for bar in found.bars if bar.count} == days


def _word(kind: Kind) -> Status | Origin:
    return kind.origin if kind.status == Status.NONE else kind.status
