"""The search box."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.models import User
from contacts.models import Contact
from tests.factories import ContactFactory, ContactListFactory, SourceFactory

pytestmark = pytest.mark.django_db

URL = "/contacts/search/"


@pytest.fixture
def olga() -> Contact:
    return ContactFactory.create(
        user_id="u-1", email="olga@example.com", phone="+380671234567", first_name="Olga", last_name="Petrenko"
    )


def search(site: Client, text: str) -> Any:
    return site.post(URL, {"q": text})


@pytest.mark.parametrize("text", ["u-1", " OLGA@example.com ", "067 123 45 67", "00380671234567"])
def test_an_exact_hit_opens_the_profile(text: str, olga: Contact, site: Client) -> None:
    response = search(site, text)
    assert (response.status_code, response["Location"]) == (302, f"/contacts/{olga.pk}/")


def test_no_exact_hit_shows_near_matches_and_the_way_to_all_of_them(olga: Contact, site: Client) -> None:
    ContactFactory.create_batch(25, last_name="Petrenko")
    page = search(site, "petrenko")
    assert page.status_code == 200
    assert len(page.context["rows"]) == 20
    assert "Is it one of these?" in page.content.decode()

    listed = site.get(page.context["list_url"])
    assert "26 contacts" in listed.content.decode()
    assert "petrenko" in listed.content.decode()


def test_nobody_like_it_is_said_with_what_to_try(olga: Contact, site: Client) -> None:
    page = search(site, "zzzzqqqq").content.decode()
    assert "No one found" in page
    assert "zzzzqqqq" in page


def test_what_cannot_be_an_identifier_is_explained(site: Client) -> None:
    assert "“olga@” is not an email address" in search(site, "olga@").content.decode()


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_typed_leads_to_the_list(text: str, site: Client) -> None:
    assert search(site, text)["Location"] == "/contacts/"
    assert site.post(URL)["Location"] == "/contacts/"
    assert site.get(URL)["Location"] == "/contacts/"


def test_a_search_in_an_address_is_not_one(olga: Contact, site: Client) -> None:
    assert site.get(URL, {"q": "olga@example.com"})["Location"] == "/contacts/"


@pytest.mark.parametrize("text", ["Petrenko secret", "secret@example.com", "+380 67 765 43 21", "<secret>&'\""])
def test_what_was_typed_never_gets_into_an_address(text: str, site: Client) -> None:
    ContactFactory.create(first_name="Petrenko secret", email="secret@example.org", phone="+380677654320")
    page = search(site, text)
    addresses = [page["Location"]] if page.status_code == 302 else [page.context["list_url"]]
    listed = site.get(page.context["list_url"]).context["page"]
    addresses += [listed.first_url, listed.previous_url, listed.next_url, listed.last_url]
    for address in addresses:
        assert "secret" not in address
        assert "765" not in address


def test_a_remembered_search_is_ones_own(
    olga: Contact, site: Client, signed_in: Callable[[User], Client], support: User
) -> None:
    ContactFactory.create(last_name="Ivanenko")
    url = search(site, "petren").context["list_url"]
    assert [row.last_name for row in site.get(url).context["page"].rows] == ["Petrenko"]
    assert len(signed_in(support).get(url).context["page"].rows) == 2


def test_only_the_last_searches_are_remembered_each_once(
    olga: Contact, site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contacts.views.search._MOST_REMEMBERED", 3)
    first = search(site, "petren").context["list_url"]
    for text in ("one", "two", "petren"):
        search(site, text)
    assert search(site, "petren").context["list_url"] == first
    search(site, "three")
    search(site, "four")
    assert "petren" in site.get(first).content.decode(), "used again, so not the oldest"
    search(site, "five")
    assert "petren" not in site.get(first).content.decode()
    assert set(site.session["searches"].values()) == {"three", "four", "five"}


def test_a_remembered_search_combines_with_filters_and_order(site: Client) -> None:
    for first_name, active in (("a", True), ("b", False), ("c", True)):
        ContactFactory.create(first_name=first_name, last_name="Petrenko", is_active=active)
    ContactFactory.create(last_name="Ivanenko")
    url = search(site, "petrenk").context["list_url"]
    rows = site.get(f"{url}&status=active&sort=-name").context["page"].rows
    assert [row.first_name for row in rows] == ["c", "a"]


def test_contacts_of_other_lists_do_not_show(site: Client) -> None:
    other = ContactFactory.create(user_id="u-9", last_name="Petrenko", contact_list=ContactListFactory.create())
    assert search(site, "u-9").status_code == 200
    assert other.get_absolute_url() not in search(site, "Petrenko").content.decode()


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "x" * 100_000, "%", "\\", "😀", "\u202e", "' OR 1=1 --", "\r\nSet-Cookie: a=b"]
)
def test_anything_can_be_typed(text: str, olga: Contact, site: Client) -> None:
    page = search(site, text)
    assert page.status_code in {200, 302}


def test_more_than_a_form_can_hold_is_refused(site: Client) -> None:
    page = search(site, "x" * 5_000_000)
    assert page.status_code == 413
    assert "MB" in page.content.decode()


def test_a_form_from_elsewhere_finds_nothing(marketer: User, olga: Contact) -> None:
    site = Client(enforce_csrf_checks=True)
    site.force_login(marketer)
    assert search(site, "u-1").status_code == 403


def test_it_asks_the_database_no_oftener_for_many_matches(
    site: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ContactFactory.create(user_id="u-1", last_name="Petrenko", source=SourceFactory.create())
    with django_assert_max_num_queries(7):
        assert search(site, "u-1").status_code == 302
    for _match in range(2):
        with django_assert_max_num_queries(12):
            assert search(site, "petrenko").status_code == 200
        for _contact in range(20):
            ContactFactory.create(last_name="Petrenko", source=SourceFactory.create())
