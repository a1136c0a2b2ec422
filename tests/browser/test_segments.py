"""A segment made in a browser, with scripts and without; every page of the section looked over."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.models import User
from contacts.models import Contact
from segments.models import Segment
from tests.browser.looking import look_over
from tests.browser.watching import Watch
from tests.factories import ContactFactory
from tests.segments.making import segment, settle

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def olga() -> Contact:
    ContactFactory.create(first_name="Ivan", language="en")
    return ContactFactory.create(first_name="Olga", language="uk")


def go_on(page: Page, scripts: bool) -> None:
    """What a change does by itself where there are scripts."""
    if not scripts:
        page.get_by_role("button", name="Count", exact=True).last.click()


@SCRIPTS
def test_a_segment_is_made_counted_and_explained(
    visit: Callable[..., Page], marketer: User, olga: Contact, watch: Watch, scripts: bool
) -> None:
    watch.expects("htmx:(sendAbort|afterRequest)")  # the next change counts, not the one before
    page = visit(marketer, java_script_enabled=scripts)
    page.goto("/segments/")
    page.get_by_role("link", name="New segment").first.click()
    page.get_by_role("textbox", name="Name").fill("Olgas")
    page.get_by_label("What is asked of").select_option(label="First name")
    go_on(page, scripts)
    page.get_by_role("textbox", name="Value").fill("olga")
    page.get_by_role("textbox", name="Value").press("Tab")
    go_on(page, scripts)
    expect(page.get_by_text("1 contact", exact=True)).to_be_visible()
    page.get_by_role("button", name="Group", exact=True).click()
    page.get_by_label("What is asked of").nth(1).select_option(label="Language")
    go_on(page, scripts)
    page.get_by_label("Value").nth(1).select_option(label="Ukrainian")
    go_on(page, scripts)
    expect(page.get_by_text("First name is “olga”, and Language is Ukrainian")).to_be_visible()
    page.get_by_role("button", name="Make the segment").click()
    expect(page.get_by_text("The segment is made and is being counted.")).to_be_visible()

    settle()
    page.goto(olga.get_absolute_url())
    page.locator("#tabs").get_by_role("link", name="Segments").click()
    expect(page.get_by_text("First name is “olga”")).to_be_visible()
    made = Segment.objects.get()
    page.goto(f"/contacts/?segment={made.pk}")
    expect(page.get_by_text("1 contact", exact=True)).to_be_visible()


def test_every_page_is_for_everybody(desk: Page, olga: Contact) -> None:
    desk.goto("/segments/")
    look_over(desk, said="No segments yet")
    made = segment({"field": "firstName", "op": "is", "value": "Olga"}, name="Olgas")
    other = segment(
        {"field": "did:email:open", "op": "at_least", "value": 1, "days": 30, "campaign": "Autumn"},
        {"any": [{"field": "birthday", "op": "unset"}, {"all": [{"field": "contactScore", "op": "set"}]}]},
        name="Awake",
    )
    settle()
    for address, said in (
        ("/segments/", "First name is “Olga”"),
        (f"/segments/{made.pk}/", "no other segment"),
        (f"/segments/{other.pk}/edit/", "Nobody at the moment"),
        ("/segments/add/", "Complete the conditions"),
        (f"{olga.get_absolute_url()}segments/?why={other.pk}", "Why not in “Awake”"),
    ):
        desk.goto(address)
        look_over(desk, said=said)


def test_it_is_built_by_keyboard_alone(desk: Page, olga: Contact, watch: Watch) -> None:
    watch.expects("htmx:(sendAbort|afterRequest)")  # who presses Enter goes on before the page has counted
    desk.goto("/segments/add/")
    desk.get_by_role("textbox", name="Name").focus()
    desk.keyboard.type("By keyboard")
    field = desk.get_by_label("What is asked of")
    field.focus()
    desk.keyboard.press("ArrowDown")
    desk.get_by_label("How it is asked").wait_for()
    desk.get_by_role("textbox", name="Value").focus()
    desk.keyboard.type("Olga")
    # Enter looks, and keeps nothing.
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("1 contact", exact=True)).to_be_visible()
    assert not Segment.objects.exists()
    save = desk.get_by_role("button", name="Make the segment")
    save.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="By keyboard")).to_be_visible()
