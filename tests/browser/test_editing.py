"""Changing a contact where its values stand, and adding one."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from activity.audit import Actor
from config.models import User
from contacts.editables import standard
from contacts.editing import edit
from contacts.models import Contact
from tests.browser.accounts import rich_contact
from tests.browser.looking import look_over
from tests.browser.watching import Watch
from tests.factories import ContactFactory, VariableFactory

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def olga(db: None) -> Contact:
    return ContactFactory.create(first_name="Olga", last_name="Petrenko", user_id="u-1", email="olga@example.com")


def value(page: Page, name: str) -> str:
    return page.locator(f"#value-{name} .value").inner_text()


@SCRIPTS
def test_a_value_is_changed_in_its_place(
    scripts: bool, olga: Contact, visit: Callable[..., Page], marketer: User
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(olga.get_absolute_url())
    page.get_by_role("link", name="Edit First name").click()
    field = page.get_by_role("textbox", name="First name")
    expect(field).to_have_value("Olga")
    field.fill("Olena")
    field.press("Enter")
    expect(page.locator("#value-firstName .value")).to_have_text("Olena")
    expect(page.get_by_role("heading", level=1)).to_have_text("Olena Petrenko")
    expect(page.locator("#last-change")).to_contain_text(f"Last changed by {marketer.username}: First name")
    page.reload()
    assert value(page, "firstName") == "Olena"


def test_the_keyboard_is_enough(olga: Contact, desk: Page) -> None:
    desk.goto(olga.get_absolute_url())
    way_in = desk.get_by_role("link", name="Edit Last name")
    way_in.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("textbox", name="Last name")).to_be_focused()
    desk.keyboard.type("Kovalenko")
    desk.keyboard.press("Escape")
    expect(way_in).to_be_focused()
    assert value(desk, "lastName") == "Petrenko"
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("textbox", name="Last name")).to_be_focused()
    desk.keyboard.type("Kovalenko")
    desk.keyboard.press("Enter")
    expect(desk.locator("#value-lastName .value")).to_have_text("Kovalenko")
    expect(desk.get_by_role("link", name="Edit Last name")).to_be_focused()


@SCRIPTS
def test_a_mistake_is_told_beside_what_was_written(
    scripts: bool, olga: Contact, visit: Callable[..., Page], marketer: User
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(olga.get_absolute_url())
    page.get_by_role("link", name="Edit Birthday").click()
    page.get_by_role("textbox", name="Birthday").fill("05/06/1990")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("05/06/1990")
    expect(page.locator(".errorlist")).to_be_visible()
    expect(page.get_by_role("textbox", name="Birthday")).to_have_value("05/06/1990")
    if scripts:
        look_over(page, said="Birthday")


@SCRIPTS
def test_somebody_elses_change_is_shown_and_can_be_kept_or_replaced(
    scripts: bool, olga: Contact, visit: Callable[..., Page], marketer: User
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(olga.get_absolute_url())
    page.get_by_role("link", name="Edit First name").click()
    page.get_by_role("textbox", name="First name").fill("Mine")
    elsewhere(olga, "Theirs")
    page.get_by_role("button", name="Save").click()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("marta has changed this meanwhile:")
    expect(notice).to_contain_text("Theirs")
    expect(page.get_by_role("textbox", name="First name")).to_have_value("Mine")
    page.get_by_role("button", name="Save mine").click()
    expect(page.locator("#value-firstName .value")).to_have_text("Mine")


def elsewhere(contact: Contact, text: str) -> None:
    """A colleague's edit, on a connection of its own."""

    def work() -> None:
        edit(contact, value=standard("firstName"), text=text, seen=None, actor=Actor(name="marta"))
        connection.close()

    thread = Thread(target=work)
    thread.start()
    thread.join()


def test_an_identifier_of_another_offers_that_profile(olga: Contact, desk: Page) -> None:
    owner = ContactFactory.create(email="olena@example.com", first_name="Olena", last_name="Koval")
    desk.goto(olga.get_absolute_url())
    desk.get_by_role("link", name="Edit Email").click()
    desk.get_by_role("textbox", name="Email").fill("OLENA@example.com")
    desk.keyboard.press("Enter")
    desk.get_by_role("link", name="Open the profile of Olena Koval").click()
    expect(desk).to_have_url(owner.get_absolute_url())


def test_a_picture_that_does_not_load_leaves_the_initials(olga: Contact, desk: Page, watch: Watch) -> None:
    watch.expects("ERR_NAME_NOT_RESOLVED")
    desk.goto(olga.get_absolute_url())
    desk.get_by_role("link", name="Edit Avatar Link").first.click()
    field = desk.get_by_role("textbox", name="Avatar Link")
    field.fill("http://pictures.invalid/olga.png")
    field.press("Enter")
    expect(desk.locator(".errorlist")).to_contain_text("does not begin with https://")
    field.fill("https://pictures.invalid/olga.png")
    field.press("Enter")
    picture = desk.locator("#profile-head .avatar")
    expect(picture.locator("img")).to_have_attribute("src", "https://pictures.invalid/olga.png")
    expect(picture).to_have_text("OP")
    expect(picture.locator("img")).to_have_attribute("referrerpolicy", "no-referrer")


@SCRIPTS
def test_a_contact_is_added(scripts: bool, olga: Contact, visit: Callable[..., Page], marketer: User) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto("/contacts/")
    page.get_by_role("link", name="Add a contact").click()
    page.get_by_role("textbox", name="Email").fill("OLGA@example.com")
    if not scripts:
        page.get_by_role("button", name="Add the contact").click()
    expect(page.get_by_role("link", name="Open that profile")).to_have_attribute("href", olga.get_absolute_url())
    page.get_by_role("textbox", name="Email").fill("oksana@example.com")
    if scripts:
        expect(page.get_by_role("link", name="Open that profile")).to_have_count(0)
    page.get_by_role("textbox", name="First name").fill("Oksana")
    page.get_by_role("combobox", name="Language").select_option("uk")
    page.get_by_role("button", name="Add the contact").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Oksana")
    assert Contact.objects.get(email="oksana@example.com").language == "uk"


def test_the_pages_hold_at_every_size(desk: Page, watch: Watch) -> None:
    watch.expects("ERR_NAME_NOT_RESOLVED")
    contact = rich_contact()
    VariableFactory.create(name="story")
    desk.goto("/contacts/add/")
    look_over(desk, said="An ID, an email or a phone number is enough.")
    desk.goto(f"/contacts/{contact.pk}/edit/story/")
    look_over(desk, said="Edit story")
    desk.goto(contact.get_absolute_url())
    for name in ("Email", "Language", "Timezone"):
        desk.get_by_role("link", name=f"Edit {name}").click()
        expect(desk.get_by_label(name, exact=True)).to_be_visible()
    look_over(desk, said="Олександра")
