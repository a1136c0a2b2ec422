"""Changing a contact where its values stand, and adding one."""

import re
from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection
from django.utils.timezone import now
from playwright.sync_api import Page, Request, Route, expect

from activity.audit import Actor
from config.models import User
from contacts.editables import standard
from contacts.editing import edit
from contacts.models import Contact
from tests.browser.accounts import rich_contact
from tests.browser.looking import look_over
from tests.browser.watching import Watch
from tests.factories import AccountVariableFactory, ContactFactory, VariableFactory

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
    for _again in range(2):  # as it comes with the edit, and as it comes with the page
        expect(desk.locator("#value-avatarUrl .value")).to_have_text("https://pictures.invalid/olga.png")
        expect(desk.locator("#profile-head .avatar")).to_have_text("OP")
        expect(desk.locator("#profile-head .avatar img")).to_have_count(0)
        desk.reload()


def test_a_picture_is_asked_for_without_saying_who_looks(olga: Contact, desk: Page) -> None:
    olga.avatar_url = "https://pictures.example/olga.png"
    olga.save()
    asked: list[Request] = []

    def answer(route: Route) -> None:
        asked.append(route.request)
        route.fulfill(content_type="image/svg+xml", body='<svg xmlns="http://www.w3.org/2000/svg"/>')

    desk.route("https://pictures.example/*", answer)
    desk.goto(olga.get_absolute_url())
    picture = desk.locator("#profile-head .avatar img")
    expect(picture).to_be_visible()
    desk.wait_for_function("document.querySelector('#profile-head .avatar img').naturalWidth > 0")
    desk.unroute("https://pictures.example/*")
    assert "referer" not in asked[0].headers


def test_what_fails_is_told_in_the_words_of_the_server(olga: Contact, desk: Page, watch: Watch) -> None:
    watch.expects("status of 40[34]")
    watch.expects("Error Code 40[34]")
    variable = VariableFactory.create(name="city", label="Home town")
    desk.goto(f"{olga.get_absolute_url()}variables/")
    desk.get_by_role("link", name="Edit Home town").click()
    field = desk.get_by_role("textbox", name="Home town")
    field.fill("Kyiv")
    variable.archived_at = now()
    variable.save()
    field.press("Enter")
    told = desk.locator("#notices")
    expect(told).to_contain_text("It may have been archived or removed meanwhile.")
    expect(field).to_have_value("Kyiv")
    desk.context.clear_cookies(name="csrftoken")
    field.press("Enter")
    expect(told).to_contain_text("This form has expired. Nothing was changed")
    expect(told).not_to_contain_text("archived")
    expect(field).to_have_value("Kyiv")


def test_a_request_that_gets_nowhere_blames_the_connection(olga: Contact, desk: Page, watch: Watch) -> None:
    watch.expects("ERR_INTERNET_DISCONNECTED")
    watch.expects("htmx:(afterRequest|sendError)")
    desk.goto(olga.get_absolute_url())
    desk.context.set_offline(True)
    desk.get_by_role("link", name="Edit First name").click()
    expect(desk.locator("#notices")).to_contain_text("Check the connection")
    desk.context.set_offline(False)
    desk.get_by_role("link", name="Edit First name").click()
    expect(desk.get_by_role("textbox", name="First name")).to_be_focused()
    expect(desk.locator("#notices")).not_to_contain_text("connection")


def test_two_forms_of_one_value_do_not_lose_one_anothers_text(olga: Contact, desk: Page) -> None:
    desk.goto(f"{olga.get_absolute_url()}variables/")
    first, second = (desk.locator(place) for place in ("#value-firstName", "#variable-firstName"))
    for place, text in ((first, "Left"), (second, "Right")):
        place.get_by_role("link", name="Edit First name").click()
        place.get_by_role("textbox", name="First name").fill(text)
    first.get_by_role("button", name="Save").click()
    expect(first.locator(".value")).to_have_text("Left")
    expect(second.get_by_role("textbox", name="First name")).to_have_value("Right")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("alert")).to_contain_text("Left")
    second.get_by_role("button", name="Save mine").click()
    expect(first.locator(".value")).to_have_text("Right")


def test_the_page_is_not_left_with_something_half_written(olga: Contact, desk: Page) -> None:
    desk.goto(olga.get_absolute_url())
    desk.get_by_role("link", name="Edit First name").click()
    field = desk.get_by_role("textbox", name="First name")
    field.press_sequentially("x")
    desk.once("dialog", lambda dialog: dialog.dismiss())
    with desk.expect_event("dialog") as asked:
        desk.get_by_role("link", name="Notes").click()
    assert asked.value.type == "beforeunload"
    expect(field).to_have_value("x")
    field.press("Escape")
    desk.get_by_role("link", name="Notes").click()
    expect(desk).to_have_url(re.compile("/notes/$"))


def test_labels_follow_a_value_that_is_edited(olga: Contact, desk: Page) -> None:
    VariableFactory.create(name="city", label="Home")
    AccountVariableFactory.create(name="city", label="Shop", value="Kyiv")
    desk.goto(f"{olga.get_absolute_url()}variables/")
    home, shop = (desk.locator("tr[data-row]", has_text=f"{label} city") for label in ("Home", "Shop"))
    expect(shop).to_contain_text("Used in messages")
    home.get_by_role("link", name="Edit Home").click()
    home.get_by_role("textbox").fill("Lviv")
    home.get_by_role("textbox").press("Enter")
    expect(home).to_contain_text("Used in messages")
    expect(shop).to_contain_text("Overridden by Contact Variables")


def test_without_scripts_one_comes_back_to_where_one_was(
    olga: Contact, visit: Callable[..., Page], marketer: User
) -> None:
    page = visit(marketer, java_script_enabled=False)
    for tab in ("", "variables/"):
        page.goto(f"{olga.get_absolute_url()}{tab}")
        page.locator("main").get_by_role("link", name="Edit First name").last.click()
        expect(page.get_by_text("First name", exact=True)).to_be_visible()
        page.get_by_role("textbox", name="First name").fill(f"Olena {tab}")
        page.get_by_role("button", name="Save").click()
        expect(page).to_have_url(f"{olga.get_absolute_url()}{tab}")
        expect(page.locator("#notices")).to_have_text(re.compile("First name has been saved."))


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
