"""The contact list page."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from config.models import User
from config.roles import MARKETER
from contacts import listing
from contacts.columns import COLUMNS
from contacts.models import Contact, ListPreference
from tests.factories import ContactFactory, ContactListFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/contacts/"
QUERIES = 15


def shown(site: Client, **query: Any) -> set[str]:
    """The last names on the page."""
    return {row.last_name for row in site.get(URL, query).context["page"].rows}


def text(site: Client, **query: Any) -> str:
    return site.get(URL, query).content.decode()


class TestFilters:
    @pytest.fixture(autouse=True)
    def _people(self) -> None:
        shop, fair = SourceFactory.create(name="Shop", code="shop"), SourceFactory.create(name="Fair", code="fair")
        noon = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
        day = datetime.timedelta(days=1)
        people: dict[str, dict[str, Any]] = {
            "Active": {"source": shop, "language": "uk", "phone": "+380671234567", "added_at": noon},
            "Inactive": {"source": shop, "language": "uk", "is_active": False, "added_at": noon - day},
            "Updated": {
                "source": fair,
                "language": "de",
                "added_at": noon - 9 * day,
                "updated_at": noon,
                "phone": None,
            },
            "Voiceless": {"email": None, "user_id": "v", "added_at": noon - 9 * day, "updated_at": noon - 2 * day},
        }
        for name, values in people.items():
            ContactFactory.create(last_name=name, **values)
        ContactFactory.create(last_name="Elsewhere", contact_list=ContactListFactory.create(), language="fr")

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({}, {"Active", "Inactive", "Updated", "Voiceless"}),
            ({"status": "active"}, {"Active", "Updated", "Voiceless"}),
            ({"status": "inactive"}, {"Inactive"}),
            ({"language": "uk"}, {"Active", "Inactive"}),
            ({"has": "email"}, {"Active", "Inactive", "Updated"}),
            ({"has": "phone"}, {"Active"}),
            ({"added_from": "2026-11-19"}, {"Active", "Inactive"}),
            ({"added_from": "2026-11-19", "added_to": "2026-11-19"}, {"Inactive"}),
            ({"added_to": "2026-11-18"}, {"Updated", "Voiceless"}),
            ({"updated_from": "2026-11-19"}, {"Updated"}),
            ({"updated_to": "2026-11-19"}, {"Voiceless"}),
            ({"updated_from": "2026-11-01", "updated_to": "2026-11-30"}, {"Updated", "Voiceless"}),
            ({"status": "active", "language": "uk", "has": "phone", "added_from": "2026-11-20"}, {"Active"}),
            ({"status": "inactive", "has": "phone"}, set()),
        ],
    )
    def test_let_through_what_they_say(self, query: dict[str, str], names: set[str], site: Client) -> None:
        assert shown(site, **query) == names

    def test_by_source(self, site: Client) -> None:
        fair = Contact.objects.get(last_name="Updated").source
        assert fair is not None
        assert shown(site, source=fair.pk) == {"Updated"}
        assert shown(site, source=fair.pk, language="uk") == set()

    def test_offer_the_languages_that_contacts_of_the_list_have(self, site: Client) -> None:
        page = text(site)
        assert '<option value="uk">' in page
        assert '<option value="de">' in page
        assert '<option value="fr">' not in page
        assert '<option value="pl">' not in page

    def test_days_are_the_viewers(self, signed_in: Callable[[User], Client]) -> None:
        """Noon in Greenwich of the 20th is the 21st in Kiritimati."""
        far = signed_in(UserFactory.create(role=MARKETER, time_zone="Pacific/Kiritimati"))
        assert shown(far, added_from="2026-11-21") == {"Active"}

    @pytest.mark.parametrize(
        "query",
        [
            {"status": "asleep"},
            {"source": "0"},
            {"source": "x"},
            {"source": "9" * 30},
            {"language": "xx"},
            {"has": "pigeon"},
            {"added_from": "yesterday"},
            {"added_to": "2026-02-30"},
            {"added_from": "0001-01-01"},
            {"added_to": "9999-12-31"},
            {"updated_to": "\0"},
            {"search": "unknown"},
            {"sort": "\0"},
            {"after": "\0"},
            {"unknown": "1"},
        ],
    )
    def test_nonsense_in_the_address_filters_nothing(self, query: dict[str, str], site: Client) -> None:
        assert len(shown(site, **query)) == 4

    def test_the_last_day_there_is(self, signed_in: Callable[[User], Client]) -> None:
        for zone in ("Etc/GMT+12", "Pacific/Kiritimati"):
            site = signed_in(UserFactory.create(role=MARKETER, time_zone=zone))
            assert len(shown(site, added_from="0001-01-01", added_to="9999-12-30")) == 4
            assert len(shown(site, added_from="0001-01-02", added_to="9999-12-31")) == 4

    def test_in_force_show_themselves_and_the_way_out(self, site: Client) -> None:
        page = text(site, status="inactive", added_to="2026-11-20")
        assert '<option value="inactive" selected>' in page
        assert 'value="2026-11-20"' in page
        assert "1 contact" in page
        assert page.count(f'href="{URL}"') > text(site).count(f'href="{URL}"')

    def test_that_let_nobody_through_say_so(self, site: Client) -> None:
        assert "No contact matches" in text(site, status="inactive", has="phone")


class TestOrder:
    @pytest.fixture(autouse=True)
    def _people(self) -> None:
        for number, (last_name, first_name) in enumerate([("b", "y"), ("a", "z"), ("b", "x")]):
            added = datetime.datetime(2026, 11, 20 - number, tzinfo=datetime.UTC)
            ContactFactory.create(last_name=last_name, first_name=first_name, added_at=added)

    @pytest.mark.parametrize(
        ("sort", "names"),
        [
            ("", ["b y", "a z", "b x"]),
            ("-added", ["b y", "a z", "b x"]),
            ("added", ["b x", "a z", "b y"]),
            ("name", ["a z", "b x", "b y"]),
            ("-name", ["b y", "b x", "a z"]),
            ("nonsense", ["b y", "a z", "b x"]),
        ],
    )
    def test_is_the_chosen_one(self, sort: str, names: list[str], site: Client) -> None:
        rows = site.get(URL, {"sort": sort}).context["page"].rows
        assert [f"{row.last_name} {row.first_name}" for row in rows] == names

    def test_is_shown_at_its_column(self, site: Client) -> None:
        assert 'aria-sort="ascending"' in text(site, sort="name")
        assert 'aria-sort="descending"' in text(site)
        assert 'href="?status=active&amp;sort=-name"' in text(site, status="active", sort="name")


class TestPaging:
    def test_works_by_links_alone_and_keeps_filters_and_order(
        self, site: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(listing, "PAGE_SIZE", 2)
        for name in "abcde":
            ContactFactory.create(last_name=name)
            ContactFactory.create(last_name=f"{name} hidden", is_active=False)

        seen, url = [], f"{URL}?status=active&sort=-name"
        while url:
            page = site.get(url).context["page"]
            seen += [row.last_name for row in page.rows]
            url = page.next_url and URL + page.next_url
        assert seen == list("edcba")

        last = site.get(f"{URL}?status=active&sort=-name&last=1")
        assert [row.last_name for row in last.context["page"].rows] == ["b", "a"]
        assert 'rel="prev"' in last.content.decode()


class TestColumns:
    def choose(self, site: Client, *columns: str, then: str = "") -> Any:
        return site.post("/contacts/columns/", {"columns": columns, "next": then})

    def heads(self, site: Client) -> list[str]:
        return [column.key for column in site.get(URL).context["columns"]]

    def test_are_remembered_for_each_user(self, site: Client, signed_in: Callable[[User], Client], admin: User) -> None:
        ContactFactory.create(language="uk", birthday=datetime.date(1990, 5, 6), gender=2, timezone="+03:00", score=42)
        self.choose(site, "birthday", "score", "gender", "timezone", "language", "updated")
        assert self.heads(site) == ["name", "language", "updated", "gender", "birthday", "timezone", "score"]
        for value in ("1990-05-06", "42", "Female", "+03:00", "Ukrainian"):
            assert value in text(site)
        assert self.heads(signed_in(admin)) != self.heads(site)

        self.choose(site, "email")
        assert self.heads(site) == ["name", "email"]
        assert ListPreference.objects.count() == 1

    def test_always_include_the_name(self, site: Client) -> None:
        self.choose(site)
        assert self.heads(site) == ["name"]

    def test_that_do_not_exist_are_left_out(self, site: Client) -> None:
        self.choose(site, "password", "email", "email")
        assert self.heads(site) == ["name", "email"]

    @pytest.mark.parametrize(
        ("then", "target"),
        [
            ("/contacts/?sort=name&status=active", "/contacts/?sort=name&status=active"),
            ("?sort=name", "?sort=name"),
            ("", URL),
            ("https://evil.example/", URL),
            ("//evil.example/", URL),
            ("javascript:alert(1)", URL),
            ("\\\\evil.example", URL),
        ],
    )
    def test_choosing_them_leads_back_to_where_one_was(self, then: str, target: str, site: Client) -> None:
        assert self.choose(site, "email", then=then)["Location"] == target

    def test_can_all_be_shown_of_a_contact_with_everything_and_one_with_little(self, site: Client) -> None:
        self.choose(site, *COLUMNS)
        ContactFactory.create(email=None, phone="+380671234567", user_id="<u&1>", source=SourceFactory.create())
        ContactFactory.create(updated_at=datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC), updated_via="import")
        page = text(site)
        assert "+380 67 123 4567" in page
        assert "&lt;u&amp;1&gt;" in page


def test_an_empty_account_says_what_to_do(site: Client, signed_in: Callable[[User], Client], support: User) -> None:
    assert "No contacts yet" in text(site)
    assert 'href="/contacts/import/"' in text(site)
    assert "when a marketer has imported them" in text(signed_in(support))


def test_names_of_any_script_and_kind_are_shown_as_they_are(site: Client) -> None:
    names = ["Петренко", "פרץ", "<script>alert(1)</script>", 'O\'Brien & "Sons"', "👩‍🚀", "x" * 150]
    for name in names:
        ContactFactory.create(last_name=name)
    page = text(site)
    assert all(escape(name) in page for name in names)
    assert "<script>alert(1)" not in page


def test_htmx_gets_the_rows_alone_but_its_history_the_page(site: Client) -> None:
    ContactFactory.create(last_name="Petrenko")
    rows = site.get(URL, headers={"HX-Request": "true", "HX-Target": "rows"}).content.decode()
    assert "Petrenko" in rows
    assert "<html" not in rows
    for headers in (
        {"HX-Request": "true", "HX-Target": "content"},
        {"HX-Request": "true", "HX-Target": "rows", "HX-History-Restore-Request": "true"},
    ):
        assert "<html" in site.get(URL, headers=headers).content.decode()


def test_the_page_only_reads(site: Client) -> None:
    assert site.head(URL).status_code == 200
    assert site.post(URL).status_code == 405
    assert site.get("/contacts/columns/").status_code == 405


def test_it_asks_the_database_as_often_for_a_full_page_as_for_one_row(
    site: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ContactFactory.create(source=SourceFactory.create(), language="uk")
    site.get(URL)
    with django_assert_num_queries(QUERIES):
        site.get(URL)
    for number in range(listing.PAGE_SIZE + 5):
        ContactFactory.create(source=SourceFactory.create(), language=("uk", "de", "pl")[number % 3])
    with django_assert_num_queries(QUERIES):
        site.get(URL)
    with CaptureQueriesContext(connection) as narrowed:
        site.get(f"{URL}?status=active&sort=name&after={Contact.objects.earliest('pk').pk}")
    assert len(narrowed) <= QUERIES + 1
