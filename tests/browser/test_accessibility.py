"""Axe finds nothing on any page, in light and dark, on a phone and at a desk, and no page is wider than its window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from activity.transfer_states import State
from config.models import User
from tests.browser import accounts, importing
from tests.browser.files import write_csv
from tests.browser.looking import fits, look_over
from tests.browser.watching import Watch
from tests.factories import ContactFactory, ContactListFactory

GONE_PICTURE = "ERR_NAME_NOT_RESOLVED.*pictures.invalid"


def test_signing_in(page: Page, watch: Watch) -> None:
    page.goto("/contacts/")
    look_over(page, said="Sign in")
    page.get_by_label("User name or email").fill("nobody")
    page.get_by_label("Password").fill("a guess")
    page.get_by_role("button", name="Sign in").click()
    look_over(page, said="not correct")
    watch.expects("404")
    page.goto("/nowhere/")
    look_over(page, said="There is nothing at this address")


def test_an_empty_account(desk: Page) -> None:
    desk.goto("/contacts/")
    look_over(desk, said="No contacts yet")
    desk.goto("/activity/transfers/")
    look_over(desk, said="Nothing imported or exported yet")
    desk.goto("/contacts/import/")
    look_over(desk, said="Nothing is imported before you have seen")
    desk.goto(f"{ContactFactory.create().get_absolute_url()}variables/")
    look_over(desk, said="None yet: values that are the same in every message")


def test_the_contact_list(desk: Page, watch: Watch) -> None:
    watch.expects(GONE_PICTURE)
    accounts.odd_contacts()
    desk.goto("/contacts/")
    look_over(desk, said="5 contacts")
    desk.locator("summary", has_text="Columns").click()
    look_over(desk, said="Show these")
    desk.goto("/contacts/?status=inactive&language=uk")
    look_over(desk, said="No contact matches")
    desk.goto("/contacts/?language=nonsense")
    fits(desk, said="5 contacts")


def test_searching(desk: Page, watch: Watch) -> None:
    watch.expects(GONE_PICTURE)
    accounts.odd_contacts()
    for text, title, look in (
        ("example", "Is it one of these?", look_over),
        ("12@", "No one found", look_over),
        ("Zz" * 160, "No one found", fits),
    ):
        desk.goto("/accounts/password/")
        desk.get_by_role("searchbox").fill(text)
        desk.keyboard.press("Enter")
        expect(desk.get_by_role("heading", level=1)).to_have_text(title)
        look(desk, said=text)


def test_the_profile(desk: Page, watch: Watch) -> None:
    watch.expects(GONE_PICTURE)
    rich, arabic, endless = accounts.rich_contact(), accounts.arabic_contact(), accounts.endless_contact()
    for contact, look in ((rich, look_over), (arabic, look_over), (endless, fits)):
        desk.goto(contact.get_absolute_url())
        look(desk, said="Default Contact List")
    for contact, look in ((rich, look_over), (endless, fits)):
        desk.goto(f"{contact.get_absolute_url()}variables/")
        look(desk, said="orders")


def test_the_way_of_an_import(desk: Page, marketer: User, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "customers.csv", ["userId", "email", "city"], [["1", "one@example.com", "Kyiv"]])
    desk.goto(importing.given(file, owner=marketer).url)
    look_over(desk, said="What is in each column?")
    desk.get_by_role("combobox", name="userId").select_option("email")
    desk.get_by_role("combobox", name="city").select_option("new:string")
    desk.get_by_role("button", name="Check the file").click()
    look_over(desk, said="cannot be imported like this yet")


def test_imports_in_every_state(desk: Page, marketer: User) -> None:
    for state, transfer in accounts.imports_in_every_state(marketer).items():
        desk.goto(transfer.url)
        look = fits if state in {State.QUEUED, State.CANCELLED} else look_over  # they look as running and done ones
        look(desk, said=transfer.source_name)
    desk.goto("/activity/transfers/")
    look_over(desk, said="4,000 of 10,003")
    desk.goto("/contacts/import/")
    look_over(desk, said="Recent imports")


def test_ones_own_account(desk: Page) -> None:
    desk.goto("/accounts/password/")
    for label in ("Current password", "New password", "New password once more"):
        desk.get_by_label(label, exact=True).fill("123")
    desk.get_by_role("button", name="Change password").click()
    expect(desk.get_by_text("too short")).to_be_visible()
    desk.locator("summary.who").click()
    look_over(desk, said="too short")


def test_where_there_is_no_going_on(visit: Callable[..., Page], marketer: User, support: User, watch: Watch) -> None:
    watch.expects("40[34]")
    page = visit(marketer)
    page.goto(ContactFactory.create(contact_list=ContactListFactory.create()).get_absolute_url())
    look_over(page, said="Only contacts of the Default Contact List have a profile")
    page = visit(support)
    page.goto("/contacts/import/")
    look_over(page, said="Your role does not allow this")
    page.goto("/contacts/")
    look_over(page, said="when a marketer has imported them")


@pytest.mark.parametrize("locale", ["uk-UA", "ar", "tr-TR"])
def test_the_language_of_the_browser_breaks_nothing(
    visit: Callable[..., Page], marketer: User, watch: Watch, locale: str
) -> None:
    watch.expects(GONE_PICTURE)
    contact = accounts.rich_contact()
    page = visit(marketer, locale=locale)
    pages = {"/contacts/": "1 contact", contact.get_absolute_url(): "Score", "/contacts/import/": "CSV"}
    for address, said in pages.items():
        page.goto(address)
        fits(page, said=said)
    page.get_by_role("searchbox").fill(str(contact.email).upper())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(contact.full_name)
