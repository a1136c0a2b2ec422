"""The contact list pages back and forth, sorts, filters and remembers, with scripts and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from config.models import User
from contacts import listing
from contacts.models import Contact
from tests.browser.watching import Watch, requests_of
from tests.factories import ContactFactory

LANGUAGES = ("uk", "ar", "")
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> list[Contact]:
    """Three pages of people; a third speaks Ukrainian, every fourth is inactive."""
    monkeypatch.setattr(listing, "PAGE_SIZE", 5)
    rows = [
        ContactFactory.build(
            last_name=f"Family {number * 7 % 12:02}",
            email=f"person{number}@example.com",
            language=LANGUAGES[number % 3],
            is_active=number % 4 > 0,
        )
        for number in range(12)
    ]
    return Contact.objects.bulk_create(rows)


@pytest.fixture
def newest_first(people: list[Contact]) -> list[str]:
    return [contact.get_absolute_url() for contact in reversed(people)]


@pytest.fixture
def by_name(people: list[Contact]) -> list[str]:
    return [contact.get_absolute_url() for contact in sorted(people, key=lambda contact: contact.last_name)]


def rows(page: Page) -> list[str]:
    """The addresses of the contacts that the list shows."""
    return [f"{link.get_attribute('href')}" for link in page.locator("a.person").all()]


def follow(page: Page, name: str) -> None:
    """Takes a link of the list, and waits until it has led there."""
    link = page.get_by_role("link", name=name, exact=True)
    there = page.evaluate("([base, href]) => new URL(href, base).href", [page.url, link.get_attribute("href")])
    link.click()
    expect(page).to_have_url(there)


@SCRIPTS
def test_pages_lead_back_and_forth_in_order_of_name(
    visit: Callable[..., Page], marketer: User, by_name: list[str], scripts: bool
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto("/contacts/")
    follow(page, "Name")
    expect(page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    assert rows(page) == by_name[:5]
    for step, first, last in (
        ("Next", 5, 10),
        ("Next", 10, 12),
        ("Previous", 5, 10),
        ("Last", 7, 12),
        ("Previous", 2, 7),
        ("First", 0, 5),
    ):
        follow(page, step)
        assert rows(page) == by_name[first:last], step
    follow(page, "Name")
    assert rows(page) == by_name[:-6:-1]


def test_with_scripts_only_the_rows_are_loaded_anew(desk: Page, newest_first: list[str]) -> None:
    desk.goto("/contacts/")
    with requests_of(desk) as asked:
        follow(desk, "Next")
    assert rows(desk) == newest_first[5:10]
    assert [request for request in asked if request.resource_type == "xhr"]
    assert not [request for request in asked if request.resource_type == "document"]


@SCRIPTS
@pytest.mark.usefixtures("people")
def test_filters_narrow_the_list_and_can_be_taken_back(
    visit: Callable[..., Page], marketer: User, scripts: bool
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto("/contacts/")
    for label, choice, count in (("Language", "uk", "4 contacts"), ("Status", "inactive", "1 contact")):
        page.get_by_role("combobox", name=label).select_option(choice)
        if not scripts:
            page.get_by_role("button", name="Apply").click()
        expect(page.get_by_role("status")).to_contain_text(count)
    expected = Contact.objects.filter(language="uk", is_active=False).order_by("-pk")
    assert rows(page) == [contact.get_absolute_url() for contact in expected]
    follow(page, "Show all contacts")
    expect(page.get_by_role("status")).to_contain_text("12 contacts")


@pytest.mark.usefixtures("people")
def test_a_filter_chosen_before_the_scripts_have_come_holds_when_they_have(desk: Page) -> None:
    late: list[Route] = []

    def hold_back(route: Route) -> None:
        late.append(route)

    desk.route("**/htmx*.js", hold_back)
    desk.goto("/contacts/", wait_until="commit")
    desk.get_by_role("combobox", name="Language").select_option("uk")
    expect(desk.get_by_role("status")).to_contain_text("12 contacts")

    late.pop().continue_()

    expect(desk.get_by_role("status")).to_contain_text("4 contacts")
    expect(desk).to_have_url(re.compile("language=uk"))
    desk.unroute("**/htmx*.js")


def test_what_a_browser_cannot_read_of_an_address_is_not_taken_for_a_choice(desk: Page, watch: Watch) -> None:
    watch.expects("does not conform")
    with requests_of(desk) as asked:
        desk.goto("/contacts/?added_from=nonsense&language=nonsense", wait_until="networkidle")
    assert not [request for request in asked if request.resource_type == "xhr"]


def test_the_back_button_brings_back_what_one_saw(desk: Page, newest_first: list[str]) -> None:
    desk.goto("/contacts/")
    follow(desk, "Next")
    page_two = desk.url
    desk.locator("a.person").first.click()
    expect(desk.get_by_role("navigation", name="Profile")).to_be_visible()
    desk.go_back()
    expect(desk).to_have_url(page_two)
    assert rows(desk) == newest_first[5:10]
    desk.go_back()
    expect(desk.locator("a.person").first).to_have_attribute("href", newest_first[0])
    assert rows(desk) == newest_first[:5]


@SCRIPTS
@pytest.mark.usefixtures("people")
def test_chosen_columns_are_there_at_the_next_sign_in(
    visit: Callable[..., Page], marketer: User, scripts: bool
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto("/contacts/?language=uk")
    page.locator("summary", has_text="Columns").click()
    page.get_by_role("checkbox", name="Email").uncheck()
    page.get_by_role("checkbox", name="Birthday").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="Birthday")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("4 contacts")
    another_day = visit(marketer)
    another_day.goto("/contacts/")
    expect(another_day.get_by_role("columnheader", name="Birthday")).to_be_visible()
    expect(another_day.get_by_role("columnheader", name="Email")).to_have_count(0)
