"""Permission to send in a browser: read, given and taken back, with scripts and without."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from activity.audit import Actor
from activity.catalogue import Channel
from config.models import User
from contacts.models import Contact
from subscriptions import blacklists
from subscriptions.facts import Blacklist, Door, Reason
from subscriptions.links import Link
from tests.browser.looking import look_over
from tests.factories import ContactFactory
from tests.subscriptions.consent import opt_in, subscribe, unsubscribe

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def contact() -> Contact:
    """One with a bit of all: open, closed by an entry, by an opt-out, and never begun."""
    contact = ContactFactory.create(phone="+380671234567")
    subscribe(contact)
    subscribe(contact, Channel.SMS)
    opt_in(contact, Channel.DESKTOP_WEBPUSH)
    unsubscribe(contact, Channel.DESKTOP_WEBPUSH)
    blacklists.add(
        kind=Blacklist.PHONE, address=contact.phone or "", reason=Reason.INVALID, actor=Actor(), door=Door.PROVIDER
    )
    return contact


def line(page: Page, channel: str) -> Locator:
    return page.locator(".subscription").filter(has=page.get_by_role("heading", name=channel, exact=True))


@SCRIPTS
def test_a_channel_is_unsubscribed_and_subscribed_again(
    visit: Callable[..., Page], marketer: User, contact: Contact, scripts: bool
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(contact.get_absolute_url())
    expect(line(page, "Email")).to_contain_text("Can be sent")
    page.get_by_role("link", name="Unsubscribe from Email").click()
    page.get_by_role("textbox", name="Reason").fill("Wrote to us")
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_text("Email is unsubscribed.")).to_be_visible()
    expect(line(page, "Email")).to_contain_text("Cannot be sent: Unsubscribed")
    page.get_by_role("link", name="Subscribe to Email").click()
    expect(page.get_by_text("This person has opted out of Email.")).to_be_visible()
    page.get_by_role("textbox", name="Where they asked for it").fill("A call")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_text("Without this they cannot be subscribed again.")).to_have_count(3)
    expect(page.get_by_role("textbox", name="Where they asked for it")).to_have_value("A call")
    page.get_by_role("textbox", name="Why they are subscribed again").fill("Wants offers")
    page.get_by_label("When they asked").fill("2026-11-01")
    page.get_by_role("textbox", name="In which words").fill("Write to me again")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_text("Email is subscribed.")).to_be_visible()
    expect(line(page, "Email")).to_contain_text("Can be sent")
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("Write to me again")).to_be_visible()


def test_by_the_keyboard_alone(desk: Page, contact: Contact) -> None:
    desk.goto(contact.get_absolute_url())
    desk.locator("#switch-email").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("textbox", name="Reason")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator("#switch-email")).to_be_focused()
    expect(desk.locator(".subscription-form")).to_have_count(0)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("textbox", name="Reason")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(line(desk, "Email")).to_contain_text("Unsubscribed")
    expect(desk.locator("#switch-email")).to_be_focused()


def test_editing_an_address_tells_what_it_means_for_sending(desk: Page, contact: Contact) -> None:
    blacklists.add(
        kind=Blacklist.EMAIL, address="late@example.com", reason=Reason.COMPLAINT, actor=Actor(), door=Door.ADMIN
    )
    desk.goto(contact.get_absolute_url())
    desk.get_by_role("link", name="Edit Email").click()
    desk.locator("#value-email input:not([type=hidden])").fill("late@example.com")
    desk.keyboard.press("Enter")
    expect(desk.locator("#profile-head")).to_contain_text("Email Black List")
    expect(line(desk, "Email")).to_contain_text("Cannot be sent: On the Email Black List")


@SCRIPTS
def test_somebody_leaves_by_a_link_and_comes_back(visit: Callable[..., Page], contact: Contact, scripts: bool) -> None:
    page = visit(java_script_enabled=scripts)
    page.goto(Link(contact.pk, Channel.EMAIL).url.removeprefix(settings.SITE_URL))
    page.get_by_role("button", name="No more Email").click()
    expect(page.get_by_text("You get no messages by Email any more.")).to_be_visible()
    page.get_by_role("button", name="Get Email again").click()
    expect(page.get_by_role("button", name="No more Email")).to_be_visible()
    if scripts:
        look_over(page, said="What you get from us")


@SCRIPTS
def test_an_action_asks_and_is_done(
    visit: Callable[..., Page], marketer: User, contact: Contact, scripts: bool
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(contact.get_absolute_url())
    page.locator("summary", has_text="Actions").click()
    page.get_by_role("link", name="Deactivate").click()
    expect(page.get_by_text("Email stops.")).to_be_visible()
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("The contact is deactivated: nothing is sent to them.")).to_be_visible()
    expect(page.locator("#profile-head")).to_contain_text("Inactive")
    expect(line(page, "Email")).to_contain_text("Cannot be sent: Deactivated")
    page.locator("summary", has_text="Actions").click()
    expect(page.get_by_role("link", name="Activate", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Remove from Phone Black List")).to_have_count(0)


def test_axe_finds_nothing(desk: Page, contact: Contact) -> None:
    desk.goto(contact.get_absolute_url())
    desk.locator("#switch-desktop-webpush").click()
    desk.get_by_role("button", name="Subscribe").click()
    look_over(desk, said="Without this they cannot be subscribed again.")
    desk.goto(f"{contact.get_absolute_url()}subscriptions/email/")
    look_over(desk, said="Nothing will be sent by Email any more.")
    desk.goto(f"{contact.get_absolute_url()}consent/")
    look_over(desk, said="Consent history")
    desk.goto(contact.get_absolute_url())
    desk.locator("summary", has_text="Actions").click()
    look_over(desk, said="Add to Email Black List")
    desk.get_by_role("link", name="Add to Email Black List").click()
    look_over(desk, said="Email stops.")
