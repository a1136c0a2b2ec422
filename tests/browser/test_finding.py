"""A person is found by whatever is at hand, from any page, and no address ever holds what was looked for."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Contact
from tests.browser.watching import requests_of
from tests.factories import ContactFactory

NAME = "Олена Шевченко"
PERSONAL = re.compile(r"olena|example\.(com|org)|1234567|123-45|C-00123|%D0|%D1", re.IGNORECASE)


@pytest.fixture
def olena(db: None) -> Contact:
    return ContactFactory.create(
        first_name="Олена",
        last_name="Шевченко",
        user_id="C-00123",
        email="olena.shevchenko@example.com",
        phone="+380501234567",
    )


@pytest.fixture(autouse=True)
def _no_address_is_personal(desk: Page) -> Iterator[None]:
    with requests_of(desk) as asked:
        yield
    assert asked
    assert not [request.url for request in asked if PERSONAL.search(request.url)]


def look_for(page: Page, text: str) -> None:
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


@pytest.mark.usefixtures("olena")
def test_an_identifier_in_any_usual_form_opens_the_profile(desk: Page) -> None:
    for text in ("C-00123", " Olena.SHEVCHENKO@Example.COM ", "+38 (050) 123-45-67", "0501234567", "00380 501234567"):
        desk.goto("/accounts/password/")
        look_for(desk, text)
        expect(desk.get_by_role("heading", level=1)).to_have_text(NAME)


@pytest.mark.usefixtures("olena")
def test_a_slip_leads_to_near_matches(desk: Page) -> None:
    for text in ("olena.shevchenco@example.com", "Шевченка", "50 123 45"):
        desk.goto("/accounts/password/")
        look_for(desk, text)
        expect(desk.get_by_role("heading", level=1)).to_have_text("Is it one of these?")
        expect(desk.get_by_role("searchbox")).to_have_value(text)
        desk.get_by_role("link", name=NAME).click()
        expect(desk.get_by_role("heading", level=1)).to_have_text(NAME)


@pytest.mark.usefixtures("olena")
def test_near_matches_go_on_in_the_contact_list(desk: Page) -> None:
    ContactFactory.create(email="somebody@example.org")
    desk.goto("/contacts/")
    look_for(desk, "шевчен")
    desk.get_by_role("link", name="Show all in the contact list").click()
    expect(desk.get_by_role("status")).to_contain_text("1 contact like шевчен")
    desk.get_by_role("link", name="Name").click()
    expect(desk.get_by_role("status")).to_contain_text("1 contact like шевчен")
    desk.get_by_role("link", name="Show all contacts").click()
    expect(desk.get_by_role("status")).to_contain_text("2 contacts")


def test_where_nobody_comes_near_the_page_says_what_else_to_try(desk: Page) -> None:
    desk.goto("/contacts/")
    look_for(desk, "nobody at all")
    expect(desk.get_by_role("heading", level=1)).to_have_text("No one found")
