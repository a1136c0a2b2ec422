"""The Variables tab in a browser: a search as one types, references to copy, and all of it without JavaScript."""

import re
from collections.abc import Callable

import pytest
from django.utils.timezone import now
from playwright.sync_api import Locator, Page, expect

from config.models import User
from contacts.models import Contact
from tests.browser import accounts
from tests.browser.looking import fits, look_over
from tests.browser.watching import Watch, requests_of
from tests.factories import AccountVariableFactory, ContactFactory, UserFactory, VariableFactory

FIELD = "Search names, labels and values"
GONE_PICTURE = "ERR_NAME_NOT_RESOLVED.*pictures.invalid"


@pytest.fixture
def contact(db: None) -> Contact:
    VariableFactory.create(name="city", label="Home town")
    VariableFactory.create(name="size", label="Shoe size", type="number")
    VariableFactory.create(name="old", archived_at=now())
    AccountVariableFactory.create(name="city", label="Main shop", value="Kyiv")
    AccountVariableFactory.create(name="supportPhone", value="+380 44 300 12 30")
    return ContactFactory.create(first_name="Kyivan", variables={"city": "Львів", "old": "left"})


def shown(page: Page) -> Locator:
    return page.locator("tr[data-row]:visible > th code")


def test_rows_are_found_as_one_types(desk: Page, contact: Contact) -> None:
    desk.goto(f"{contact.get_absolute_url()}variables/")
    expect(desk.get_by_role("status")).to_have_text("27 variables")
    field = desk.get_by_label(FIELD)
    with requests_of(desk) as asked:
        field.press_sequentially("kyiv")
        expect(shown(desk)).to_have_text(["firstName", "city"])
        expect(desk.get_by_role("status")).to_have_text("2 of 27 variables")
        expect(desk.get_by_text("Contact List Variables", exact=True)).to_be_hidden()
        field.fill("HOME львів")
        expect(shown(desk)).to_have_text(["city"])
        field.fill("phone")
        expect(shown(desk)).to_have_text(["phoneNumber", "supportPhone"])
        for nowhere in ("empty", "string", "archived", "copy"):
            field.fill(nowhere)
            expect(desk.get_by_role("status")).to_have_text("0 of 27 variables")
        field.press("Enter")
        field.press("Escape")
        expect(desk.get_by_role("status")).to_have_text("27 variables")
        expect(shown(desk)).to_have_count(27)
    assert not [request.url for request in asked], "nothing that is typed leaves the browser"


def test_a_reference_is_copied_and_that_is_said(visit: Callable[..., Page], marketer: User, contact: Contact) -> None:
    page = visit(marketer, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{contact.get_absolute_url()}variables/")
    button = page.get_by_role("row", name="First name firstName").get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied {{ firstName }}")
    expect(page.locator("#announcements")).to_have_text("Copied: {{ firstName }}")
    assert page.evaluate("navigator.clipboard.readText()") == "{{ firstName }}"
    expect(button).to_have_text("Copy {{ firstName }}")


def test_where_there_is_no_clipboard_it_is_selected(desk: Page, contact: Contact) -> None:
    desk.goto(f"{contact.get_absolute_url()}variables/")
    desk.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")
    desk.get_by_role("row", name="First name firstName").get_by_role("button").click()
    desk.wait_for_function("getSelection().toString().trim() === '{{ firstName }}'")


def test_without_javascript(visit: Callable[..., Page], marketer: User, contact: Contact) -> None:
    page = visit(marketer, java_script_enabled=False)
    page.goto(f"{contact.get_absolute_url()}variables/")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    with requests_of(page) as asked:
        page.get_by_label(FIELD).fill("львів")
        page.get_by_role("button", name="Search").click()
        expect(shown(page)).to_have_text(["city"])
    expect(page.get_by_role("status")).to_have_text("1 of 27 variables")
    assert not [request.url for request in asked if "%D0" in request.url or "q=" in request.url]
    page.get_by_role("link", name="Show all").click()
    expect(shown(page)).to_have_count(27)


def test_one_of_three_hundred_is_found(desk: Page) -> None:
    names = [variable.name for variable in VariableFactory.create_batch(300)]
    values = {name: f"value of {name}" for name in names}
    contact = ContactFactory.create(variables=values | {names[7]: "A needle in the hay"})
    desk.goto(f"{contact.get_absolute_url()}variables/")
    desk.get_by_label(FIELD).press_sequentially("needle hay")
    expect(shown(desk)).to_have_text([names[7]])
    expect(desk.get_by_role("status")).to_have_text(re.compile("^1 of 32[0-9] variables"))


def test_who_may_gets_to_where_a_value_is_changed_and_back_sees_it(
    visit: Callable[..., Page], contact: Contact
) -> None:
    page = visit(UserFactory.create(role="Marketer", is_staff=True))
    page.goto(f"{contact.get_absolute_url()}variables/")
    page.get_by_role("link", name="Change supportPhone").click()
    page.get_by_label("Value").fill("+380 67 000 00 00")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{contact.get_absolute_url()}variables/")
    expect(page.get_by_role("row", name="supportPhone")).to_contain_text("+380 67 000 00 00")


def test_nothing_is_in_the_way_of_anybody(visit: Callable[..., Page], contact: Contact, watch: Watch) -> None:
    watch.expects(GONE_PICTURE)
    page = visit(UserFactory.create(role="Admin", is_staff=True))
    page.goto(f"{contact.get_absolute_url()}variables/")
    look_over(page, said="Overridden by Contact Variables")
    page.get_by_label(FIELD).fill("kyiv")
    look_over(page, said="2 of 27 variables")
    page.goto("/contacts/components/")
    look_over(page, said="Custom event types")
    AccountVariableFactory.create(name="x" * 40, label=accounts.ENDLESS, value=accounts.ENDLESS * 20)
    page.goto(f"{accounts.endless_contact().get_absolute_url()}variables/")
    fits(page, said=accounts.ENDLESS)


def test_components_are_reached_from_the_rail(visit: Callable[..., Page]) -> None:
    page = visit(UserFactory.create(role="Marketer", is_staff=True))
    page.goto("/contacts/")
    page.get_by_role("link", name="Components").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Components")
    expect(page.get_by_role("link", name="Components")).to_have_attribute("aria-current", "page")
    page.get_by_role("listitem").filter(has_text="Sources").get_by_role("link", name="Add").click()
    page.get_by_label("Name").fill("Autumn fair")
    page.get_by_role("textbox", name="ID:").fill("autumn26")
    page.get_by_label("Acquisition cost").fill("1.50")
    page.get_by_label("Currency").select_option("UAH")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("row", name="Autumn fair")).to_contain_text("1.50 UAH")
