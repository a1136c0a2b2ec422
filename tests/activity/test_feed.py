"""Reading feeds: pages in both orders, filters, what is new."""

import datetime
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity import feed
from activity.catalogue import KINDS, Channel, Kind, Origin, Status, kinds
from activity.events import NewEvent, record_many
from activity.feed import Cursor, Filters, Period
from activity.models import Event
from tests.factories import ContactFactory, EventFactory

pytestmark = pytest.mark.django_db

UTC = datetime.UTC
NOW = datetime.datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = datetime.timedelta(days=1)
ALL = Filters(period=Period.ALL)


class Told(NamedTuple):
    """An event, reduced to what a feed is made by."""

    at: datetime.datetime
    pk: int
    kind: Kind


def tell(contact: int, *told: tuple[datetime.datetime, Kind]) -> list[Told]:
    record_many(NewEvent(contact, at, *kind) for at, kind in told)
    rows = Event.objects.of_contact(contact).order_by("id")
    return [Told(row.occurred_at, row.pk, row.kind) for row in rows]


def naive(rows: Sequence[Told], filters: Filters) -> list[int]:
    """The feed as its description says, of a list in memory."""
    start = filters.period.start(NOW)
    chosen = (filters.channel, filters.origin, filters.status)
    kept = [
        row
        for row in rows
        if all(want in (None, have) for want, have in zip(chosen, row.kind, strict=True))
        and (start is None or row.at >= start)
    ]
    return [row.pk for row in sorted(kept, key=lambda row: row[:2], reverse=not filters.oldest_first)]


def walk(contact: int, filters: Filters, size: int) -> list[list[int]]:
    pages, after = [], None
    while True:
        found = feed.page(contact, filters, now=NOW, after=after, size=size)
        pages.append([row.pk for row in found.rows])
        if not found.has_next:
            return pages
        after = Cursor.read(str(Cursor.of(found.rows[-1])))


# Few times, so that many tie; around the ends of months and periods, and in the far past.
TIMES = st.sampled_from(
    [
        NOW,
        NOW + DAY / 2,
        NOW - 6 * DAY - datetime.timedelta(hours=12),
        NOW - 6 * DAY - datetime.timedelta(hours=12, microseconds=1),
        NOW - 20 * DAY,
        datetime.datetime(2026, 11, 1, tzinfo=UTC),
        datetime.datetime(2026, 10, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime.datetime(2019, 2, 28, tzinfo=UTC),
    ]
)
SOME_KINDS = st.sampled_from([*KINDS[:3], KINDS[16], *KINDS[60:62], *KINDS[-4:]])
FILTERS = st.builds(
    lambda kind, levels, period, order: Filters(
        kind.channel if levels[0] else None,
        kind.origin if levels[1] else None,
        kind.status if levels[2] else None,
        period,
        order,
    ),
    SOME_KINDS,
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
    st.sampled_from(Period),
    st.booleans(),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TIMES, SOME_KINDS), max_size=25), FILTERS, st.integers(1, 7))
def test_pages_are_those_of_a_sorted_list(
    told: list[tuple[datetime.datetime, Kind]], filters: Filters, size: int
) -> None:
    contact, other = ContactFactory.create().pk, ContactFactory.create().pk
    tell(other, (NOW, KINDS[0]))
    rows = tell(contact, *told)
    for each in (filters, ALL):
        pages = walk(contact, each, size)
        assert list(chain(*pages)) == naive(rows, each)
        assert all(len(page) == size for page in pages[:-1])


@pytest.mark.parametrize("oldest_first", [False, True])
def test_events_of_the_same_moment_are_in_the_order_in_which_they_were_told(oldest_first: bool) -> None:
    contact = ContactFactory.create().pk
    told = [row.pk for row in tell(contact, *[(NOW, kind) for kind in KINDS[:7]])]
    pages = walk(contact, Filters(oldest_first=oldest_first), 3)
    assert list(chain(*pages)) == (told if oldest_first else told[::-1])


def test_every_filter_finds_its_kinds_and_no_others() -> None:
    contact = ContactFactory.create().pk
    tell(contact, *[(NOW, kind) for kind in KINDS])

    def found(channel: Channel | None, origin: Origin | None, status: Status | None) -> tuple[list[Kind], list[Kind]]:
        filters = Filters(channel, origin, status, Period.ALL, oldest_first=True)
        page = feed.page(contact, filters, now=NOW, size=len(KINDS)).rows
        return [row.kind for row in page], [row.kind for row in feed.matching(contact, filters, NOW).order_by("id")]

    for channel in (None, *Channel):
        assert found(channel, None, None) == (list(kinds(channel)),) * 2
        for status in Status:
            assert found(channel, None, status) == (list(kinds(channel, None, status)),) * 2
    for origin in Origin:
        assert found(None, origin, None) == (list(kinds(None, origin)),) * 2


def test_a_late_event_takes_its_place_behind_a_page_already_seen() -> None:
    contact = ContactFactory.create().pk
    tell(contact, (NOW, KINDS[0]), (NOW - 3 * DAY, KINDS[0]))
    first = feed.page(contact, ALL, now=NOW, size=1)
    *_others, late = tell(contact, (NOW - DAY, KINDS[0]))
    behind = feed.page(contact, ALL, now=NOW, after=Cursor.of(first.rows[0]), size=1)
    assert [row.pk for row in behind.rows] == [late.pk]


def test_a_page_is_one_query_that_counts_nothing_off_and_opens_no_later_month() -> None:
    contact = ContactFactory.create().pk
    tell(contact, (NOW, KINDS[0]), (datetime.datetime(2019, 2, 28, tzinfo=UTC), KINDS[0]))
    after = Cursor(datetime.datetime(2019, 3, 5, tzinfo=UTC), 1)
    with CaptureQueriesContext(connection) as queries:
        found = feed.page(contact, ALL, now=NOW, after=after)
    assert len(found.rows) == len(queries) == 1
    sql = queries[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'activity_event.*OFFSET'")
        assert cursor.fetchone() == (0,)
        cursor.execute(sql.replace("EXECUTE", "EXPLAIN EXECUTE"))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "activity_event_2019_02" in plan
    assert "activity_event_2026" not in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        ALL,
        Filters(Channel.EMAIL, Origin.AB_TEST, Status.HARD, Period.MONTH, oldest_first=True),
        Filters(None, Origin.SUBSCRIBED, None, Period.FORTNIGHT),
        Filters(Channel.CONTACT, Origin.ADDED_TO_SEGMENT),
        Filters(status=Status.EMAIL_UNSUBSCRIBED),
    ],
)
def test_an_address_tells_all_filters(filters: Filters) -> None:
    assert Filters.read(QueryDict(urlencode(filters.query())).dict()) == filters


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"channel": "pigeon", "period": "8", "order": "up"}, Filters()),
        ({"channel": "sms", "origin": "added"}, Filters(Channel.SMS)),
        ({"channel": "sms", "origin": "campaign", "status": "open"}, Filters(Channel.SMS, Origin.CAMPAIGN)),
        ({"channel": "contact", "status": "none"}, Filters(Channel.CONTACT)),
        ({"origin": "subscribed", "status": "delivered"}, Filters(None, Origin.SUBSCRIBED)),
    ],
)
def test_what_does_not_fit_the_levels_above_means_all(query: dict[str, str], expected: Filters) -> None:
    assert Filters.read(query) == expected


@pytest.mark.parametrize("text", ["", "1", "x-1", "1-x", "-1-2", "1-" + "9" * 30, "9" * 30 + "-1", "１-1"])
def test_a_cursor_that_nobody_was_given_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no place in a feed"):
        Cursor.read(text)


@given(st.datetimes(datetime.datetime(2000, 1, 1), timezones=st.just(UTC)), st.integers(1, 2**63 - 1))  # noqa: DTZ001 - the zones are given beside it
def test_a_cursor_keeps_the_microsecond(at: datetime.datetime, pk: int) -> None:
    assert Cursor.read(str(Cursor(at, pk))) == Cursor(at, pk)


def test_a_period_begins_at_midnight_where_the_viewer_is() -> None:
    late = datetime.datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    with timezone.override("Europe/Kyiv"):  # two hours ahead: it is the 26th there
        start = Period.WEEK.start(late)
    assert start is not None
    assert start.isoformat() == "2026-11-20T00:00:00+02:00"
    with timezone.override("UTC"):
        assert [period.start(late) and period.start(late).day for period in Period] == [19, 12, 27, None]  # type: ignore[union-attr]


def test_a_period_over_a_change_of_clocks_begins_at_midnight_too() -> None:
    with timezone.override("Europe/Kyiv"):
        start = Period.WEEK.start(datetime.datetime(2026, 10, 27, 12, tzinfo=UTC))
    assert start is not None
    assert start.isoformat() == "2026-10-21T00:00:00+03:00"


class TestNewer:
    def test_events_above_the_topmost_are_counted_within_the_filters(self) -> None:
        contact = ContactFactory.create().pk
        top = EventFactory.create(contact_id=contact, contact=None, occurred_at=NOW)
        than = Cursor.of(top)
        tell(
            contact,
            (NOW, KINDS[0]),
            (NOW + DAY / 4, KINDS[0]),
            (NOW + DAY / 4, KINDS[-1]),
            (NOW - DAY / 4, KINDS[0]),
        )
        assert feed.newer(contact, ALL, than=than, now=NOW) == 3
        assert feed.newer(contact, Filters(Channel.EMAIL), than=than, now=NOW) == 2

    def test_a_feed_without_events_has_no_topmost(self) -> None:
        contact = ContactFactory.create().pk
        assert feed.newer(contact, ALL, than=None, now=NOW) == 0
        tell(contact, (NOW, KINDS[0]))
        assert feed.newer(contact, ALL, than=None, now=NOW) == 1

    def test_many_are_counted_up_to_a_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(feed, "MOST_NEW", 3)
        contact = ContactFactory.create().pk
        tell(contact, *[(NOW, KINDS[0])] * 9)
        assert feed.newer(contact, ALL, than=None, now=NOW) == 4
