"""The Activity tab: filters, pages, news, counts and the Info of an event."""

import datetime
import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activity.catalogue import KINDS, Channel, Kind, Origin, Status, origins_of, statuses_of
from activity.events import NewEvent, record_many
from activity.feed import SIZE, Cursor, Filters, Period
from activity.models import Event
from contacts.models import Contact
from tests.factories import ContactFactory, ContactListFactory, EventFactory
from tests.odd_strings import odd_strings

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
ROW = re.compile(r'<li class="feed-row" id="event-(\d+-\d+)">')
TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def olga(db: None) -> Contact:
    return ContactFactory.create(first_name="Olga")


def tell(contact: Contact, *kinds: Kind, step: datetime.timedelta = HOUR, **values: Any) -> list[Event]:
    """Events of these kinds, the last of them just now."""
    now = timezone.now()
    record_many(
        NewEvent(contact.pk, now - step * (len(kinds) - place), *kind, **values) for place, kind in enumerate(kinds, 1)
    )
    return list(contact.events.order_by("occurred_at", "id"))


def page(site: Client, contact: Contact, query: str = "", **headers: str) -> str:
    response = site.get(f"{contact.get_absolute_url()}{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def places(text: str) -> list[Cursor]:
    return [Cursor.read(place) for place in ROW.findall(text)]


def ids(text: str) -> list[int]:
    return [place.id for place in places(text)]


def words(text: str) -> str:
    return " ".join(html.unescape(TAG.sub(" ", text)).split())


def options(text: str, name: str) -> list[str]:
    found = re.search(rf'<select name="{name}".*?</select>', text, re.DOTALL)
    assert found
    return re.findall(r'<option value="([^"]*)"', found[0])


DELIVERED = Kind(Channel.EMAIL, Origin.CAMPAIGN, Status.DELIVERED)
OPENED = DELIVERED._replace(status=Status.OPEN)
ADDED = Kind(Channel.CONTACT, Origin.ADDED, Status.NONE)


def test_a_message_is_told_by_its_title_channel_and_launch(olga: Contact, site: Client) -> None:
    tell(olga, OPENED, data={"title": "Autumn <b>", "campaign": "Rain", "step": "2", "segment": "Kyiv, women"})
    shown = words(page(site, olga))
    assert "Opened Autumn <b>" in shown
    assert "Email · Campaign “Rain”, step 2 · segment “Kyiv, women”" in shown


def test_every_kind_of_the_catalogue_is_told(olga: Contact, site: Client) -> None:
    tell(olga, *KINDS, step=datetime.timedelta(seconds=1))
    told, query = "", "?period=all"
    for _page in range(len(KINDS) // SIZE + 1):
        text = page(site, olga, query)
        told += text
        more = re.search(r'id="feed-more"><a href="([^"]+)"', text)
        query = html.unescape(more[1]) if more else ""
    assert not query
    assert len(places(told)) == len(set(places(told))) == len(KINDS)


@pytest.mark.parametrize("oldest", [False, True])
def test_pages_follow_one_another_in_both_orders(oldest: bool, olga: Contact, site: Client) -> None:
    told = [event.pk for event in tell(olga, *[DELIVERED] * (2 * SIZE + 3), step=datetime.timedelta(minutes=1))]
    query, shown = "?order=oldest" if oldest else "", []
    for number in range(3):
        text = page(site, olga, query, **({"HX-Request": "true", "HX-Target": "feed-more"} if number else {}))
        assert ("<html" in text) == (number == 0)
        shown += [place.id for place in places(text)]
        more = re.search(r'id="feed-more"><a href="([^"]+)"', text)
        query = html.unescape(more[1]) if more else ""
    assert shown == (told if oldest else told[::-1])
    assert not query


def test_a_day_that_goes_on_has_one_heading(olga: Contact, site: Client) -> None:
    now = timezone.now()
    record_many(NewEvent(olga.pk, now - datetime.timedelta(days=3, seconds=n), *DELIVERED) for n in range(SIZE + 1))
    text = page(site, olga)
    assert text.count("feed-date") == 1
    more = re.search(r'id="feed-more"><a href="([^"]+)"', text)
    assert more
    rest = page(site, olga, html.unescape(more[1]), **{"HX-Request": "true", "HX-Target": "feed-more"})
    assert len(places(rest)) == 1
    assert "feed-date" not in rest


class TestFilters:
    @pytest.mark.parametrize("channel", Channel)
    def test_offer_what_the_catalogue_has_behind_those_before(
        self, channel: Channel, olga: Contact, site: Client
    ) -> None:
        text = page(site, olga, f"?channel={channel.slug}")
        assert options(text, "origin") == ["", *(each.slug for each in origins_of(channel))]
        assert options(text, "status") == ["", *(each.slug for each in statuses_of(channel))]
        origin = origins_of(channel)[-1]
        text = page(site, olga, f"?channel={channel.slug}&origin={origin.slug}")
        assert options(text, "status") == ["", *(each.slug for each in statuses_of(channel, origin))]

    def test_leave_what_they_say(self, olga: Contact, site: Client) -> None:
        first, second, _other = tell(olga, DELIVERED, OPENED, ADDED)
        assert [place.id for place in places(page(site, olga, "?status=open"))] == [second.pk]
        assert [place.id for place in places(page(site, olga, "?channel=email"))] == [second.pk, first.pk]
        assert [place.id for place in places(page(site, olga, "?origin=campaign&order=oldest"))] == [
            first.pk,
            second.pk,
        ]

    def test_begin_with_seven_days(self, olga: Contact, site: Client) -> None:
        old, new = tell(olga, DELIVERED, DELIVERED, step=10 * DAY)
        assert ids(page(site, olga)) == [new.pk]
        for period in (Period.FORTNIGHT, Period.MONTH, Period.ALL):
            assert ids(page(site, olga, f"?period={period.value}")) == [new.pk, old.pk]

    def test_that_do_not_go_together_say_so(self, olga: Contact, site: Client) -> None:
        tell(olga, DELIVERED)
        for query in ("?channel=sms&status=complaint", "?channel=contact&origin=campaign", "?channel=fax"):
            assert "do not go together" in page(site, olga, query)
        assert "do not go together" not in page(site, olga, "?channel=email&status=complaint&period=all")

    def test_make_the_best_of_any_address(self, olga: Contact, site: Client) -> None:
        tell(olga, DELIVERED)
        names = ("channel", "origin", "status", "period", "order", "after")
        for number, text in enumerate(odd_strings()[::5]):
            odd = {names[number % len(names)]: text}
            assert site.get(olga.get_absolute_url(), odd).status_code == 200
            assert site.get(f"{olga.get_absolute_url()}news/", odd | {"top": text}).status_code == 200

    def test_are_the_feed_alone_for_htmx(self, olga: Contact, site: Client) -> None:
        text = page(site, olga, "?channel=email", **{"HX-Request": "true", "HX-Target": "feed"})
        assert text.strip().startswith('<section class="card" id="feed"')


class TestWhatIsEmpty:
    def test_says_what_will_come(self, olga: Contact, site: Client) -> None:
        assert "Nothing has happened yet" in page(site, olga, "?period=all")

    def test_or_how_to_see_more(self, olga: Contact, site: Client) -> None:
        tell(olga, DELIVERED, DELIVERED, step=20 * DAY)
        text = page(site, olga, "?channel=sms")
        assert "Nothing under these filters" in text
        assert 'href="?period=all"' in text


class TestCounts:
    def test_are_those_of_the_filters_and_lead_to_each(self, olga: Contact, site: Client) -> None:
        tell(olga, DELIVERED, DELIVERED, OPENED, ADDED)
        found = re.findall(r'<dt><a href="\?([^"]+)">([^<]+)</a></dt><dd class="number">([^<]+)</dd>', page(site, olga))
        assert found == [
            ("status=delivered", "Delivered", "2"),
            ("status=open", "Open", "1"),
            ("origin=added", "Added", "1"),
        ]
        for query, _label, count in found:
            assert len(places(page(site, olga, f"?{query}"))) == int(count)

    def test_have_a_bar_a_day(self, olga: Contact, site: Client) -> None:
        tell(olga, DELIVERED)
        bars = re.findall(r"<title>([^<]+)</title></rect>", page(site, olga))
        assert len(bars) == 7
        assert [bar.rpartition(": ")[2] for bar in bars] == ["0 events"] * 6 + ["1 event"]


class TestNews:
    def told(self, site: Client, contact: Contact, query: str = "") -> str:
        found = re.search(r'hx-get="([^"]+)" hx-trigger="look"', page(site, contact, query))
        assert found
        response = site.get(html.unescape(found[1]))
        return words(response.content.decode())

    def test_are_none_at_first(self, olga: Contact, site: Client) -> None:
        tell(olga, DELIVERED)
        assert self.told(site, olga) == ""

    def test_count_what_has_come_since_under_the_same_filters(self, olga: Contact, site: Client) -> None:
        tell(olga, DELIVERED)
        address = re.search(r'hx-get="([^"]+)" hx-trigger="look"', page(site, olga, "?channel=email"))
        assert address
        EventFactory.create_batch(3, contact=olga)
        tell(olga, ADDED)
        assert words(site.get(html.unescape(address[1])).content.decode()) == "3 new events"

    def test_are_not_asked_for_where_the_oldest_come_first(self, olga: Contact, site: Client) -> None:
        tell(olga, DELIVERED)
        assert "feed-news" not in page(site, olga, "?order=oldest")

    def test_take_few_statements(self, olga: Contact, site: Client) -> None:
        tell(olga, DELIVERED)
        site.get(f"{olga.get_absolute_url()}news/")
        with CaptureQueriesContext(connection) as captured:
            site.get(f"{olga.get_absolute_url()}news/")
        assert len(captured) == 4


class TestInfo:
    def address(self, event: Event) -> str:
        return f"/contacts/{event.contact_id}/events/{Cursor.of(event)}/"

    def test_tells_all_that_is_known(self, olga: Contact, site: Client) -> None:
        data = {"title": "Autumn", "tags": ["boots", "sale"], "words": "550 5.1.1 No such user", "odd": {"a": 1}}
        (event,) = tell(olga, DELIVERED._replace(status=Status.HARD), data=data)
        for headers in ({}, {"HX-Request": "true"}):
            response = site.get(self.address(event), headers=headers)
            shown = words(response.content.decode())
            assert ("<html" in response.content.decode()) == (not headers)
            for text in ("Email · Campaign · Hard", "boots, sale", "550 5.1.1 No such user", "odd", "{'a': 1}"):
                assert text in shown

    def test_has_what_became_of_the_message_in_its_order(self, olga: Contact, site: Client) -> None:
        events = tell(olga, DELIVERED, OPENED, OPENED._replace(status=Status.CLICK), message_id=77)
        tell(olga, OPENED, message_id=78)
        shown = words(site.get(self.address(events[1])).content.decode()).partition("What became of the message")[2]
        assert re.findall("Delivered|Open|Click", shown) == ["Delivered", "Open", "Click"]

    @pytest.mark.parametrize("place", ["7", "0-0", "1-2", "99999999999999999999-1", "x", "1767225600000000-7"])
    def test_of_what_is_not_there_is_not_found(self, place: str, olga: Contact, site: Client) -> None:
        assert site.get(f"/contacts/{olga.pk}/events/{place}/").status_code == 404

    def test_of_another_contact_or_list_is_not_found(self, olga: Contact, site: Client) -> None:
        other = ContactFactory.create(contact_list=ContactListFactory.create())
        (event,) = tell(other, DELIVERED)
        assert site.get(self.address(event)).status_code == 404
        assert site.get(f"/contacts/{olga.pk}/events/{Cursor.of(event)}/").status_code == 404


class TestMessage:
    def test_has_what_became_of_it_and_what_launched_it(self, olga: Contact, site: Client) -> None:
        data = {"title": "Autumn offer", "campaign": "Boots", "words": "250 OK"}
        events = tell(olga, DELIVERED, OPENED, message_id=77, data=data)
        tell(olga, OPENED, message_id=78)
        info = site.get(f"/contacts/{olga.pk}/events/{Cursor.of(events[1])}/").content.decode()
        link = re.search(r'href="(/messages/77/[^"]+)"', info)
        assert link
        assert olga.email not in link[1]
        shown = words(site.get(html.unescape(link[1])).content.decode())
        for text in ("Autumn offer", "77", "Email", "Campaign", "Boots", "250 OK"):
            assert text in shown
        assert re.findall("Delivered|Open|Click", shown.partition("What became of it")[2]) == ["Delivered", "Open"]

    def test_of_another_contact_number_or_event_is_not_found(self, olga: Contact, site: Client) -> None:
        (event,) = tell(olga, DELIVERED, message_id=77)
        other, place = ContactFactory.create(), Cursor.of(event)
        for address in (
            f"78/?of={olga.pk}&at={place}",
            f"77/?of={other.pk}&at={place}",
            f"77/?of={olga.pk}&at=7-7",
            f"77/?of={olga.pk}&at=x",
            f"77/?of=x&at={place}",
            f"77/?of={'9' * 30}&at={place}",
            "77/",
        ):
            assert site.get(f"/messages/{address}").status_code == 404


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(period=Period.ALL),
        Filters(Channel.EMAIL, period=Period.MONTH),
        Filters(None, Origin.CAMPAIGN, oldest_first=True),
        Filters(None, None, Status.OPEN),
        Filters(Channel.EMAIL, Origin.CAMPAIGN, Status.HARD, Period.ALL),
    ],
)
def test_it_asks_the_database_equally_often_whatever_there_is(filters: Filters, olga: Contact, site: Client) -> None:
    site.get(olga.get_absolute_url(), filters.query())
    for kinds in ([], KINDS, [DELIVERED] * 300):
        tell(olga, *kinds, step=datetime.timedelta(minutes=1))
        with CaptureQueriesContext(connection) as captured:
            site.get(olga.get_absolute_url(), filters.query())
        assert len(captured) == 6
