"""Bulk actions on the contact list and the deletion of one contact, with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.models import User
from contacts.models import Contact
from tests.browser.importing import PATIENCE
from tests.browser.looking import look_over
from tests.factories import ContactFactory

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@SCRIPTS
@pytest.mark.usefixtures("celery_worker")
def test_those_that_are_ticked_are_deactivated(scripts: bool, visit: Callable[..., Page], marketer: User) -> None:
    people = [ContactFactory.create(first_name=name, last_name="") for name in ("Anna", "Bohdan", "Clara")]
    page = visit(marketer, java_script_enabled=scripts)
    page.goto("/contacts/")
    if scripts:
        page.get_by_label("All of this page").check()
        expect(page.get_by_text("3 ticked")).to_be_visible()
        page.get_by_label("Clara", exact=True).uncheck()
        expect(page.get_by_text("2 ticked")).to_be_visible()
    else:
        expect(page.get_by_label("All of this page")).to_be_hidden()
        for name in ("Anna", "Bohdan"):
            page.get_by_label(name, exact=True).check()
    page.locator("#id_bulk-action").select_option(label="Deactivate")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deactivate")
    page.get_by_label("Reason").fill("The shop has closed")
    page.get_by_role("button", name="Do it to 2 contacts").click()
    expect(page.get_by_text("As they were")).to_be_visible(timeout=PATIENCE)
    assert set(Contact.objects.filter(is_active=True)) == {people[2]}


@pytest.mark.usefixtures("celery_worker")
def test_all_that_the_filters_leave_are_meant_also_after_they_have_changed(desk: Page) -> None:
    ContactFactory.create_batch(2, language="uk")
    ContactFactory.create(language="pl")
    desk.goto("/contacts/")
    desk.locator("#id_language").select_option("uk")
    expect(desk.get_by_text("2 contacts")).to_be_visible()
    desk.locator("#id_bulk-scope").select_option(label="all that the list shows")
    desk.locator("#id_bulk-action").select_option(label="Add to Email Black List")
    look_over(desk, said="Go on")
    desk.get_by_role("button", name="Go on").click()
    look_over(desk, said="Do it to 2 contacts")
    desk.get_by_role("button", name="Do it to 2 contacts").click()
    expect(desk.get_by_text("As they were")).to_be_visible(timeout=PATIENCE)
    look_over(desk, said="Go to the contacts")


@SCRIPTS
def test_a_contact_is_deleted_from_its_profile(scripts: bool, visit: Callable[..., Page], marketer: User) -> None:
    contact = ContactFactory.create(first_name="Olga", last_name="P")
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(contact.get_absolute_url())
    page.locator("summary", has_text="Actions").click()
    page.get_by_role("link", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete Olga P?")
    if scripts:
        look_over(page, said="This cannot be undone")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("has been deleted for good")).to_be_visible()
    assert not Contact.objects.exists()
