"""The Activity tab in a browser: filters as they are chosen, older events, news and Info, also without scripts."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from activity.catalogue import Channel, Origin, Status
from activity.events import NewEvent, record_many
from activity.feed import SIZE
from config.models import User
from contacts.models import Contact
from tests.browser.looking import look_over
from tests.factories import ContactFactory

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
ROWS = ".feed-row"


@pytest.fixture
def olga(db: None) -> Contact:
    """With one message that was opened, and the newest events of many."""
    contact = ContactFactory.create(first_name="Olga")
    now, minute = timezone.now(), datetime.timedelta(minutes=1)
    data = {"title": "Autumn offer", "campaign": "Autumn", "tags": ["boots"]}
    kinds = [(Channel.EMAIL, Origin.CAMPAIGN, Status.DELIVERED), (Channel.EMAIL, Origin.CAMPAIGN, Status.OPEN)]
    record_many(NewEvent(contact.pk, now - n * minute, *kinds[1 - n], 7, data) for n in (1, 0))
    others = (Channel.SMS, Origin.TRANSACTION, Status.DELIVERED, None, {"title": "Your parcel"})
    record_many(NewEvent(contact.pk, now - n * minute, *others) for n in range(2, SIZE + 10))
    return contact


def choose(page: Page, label: str, option: str, *, scripts: bool) -> None:
    before = page.url
    page.get_by_role("combobox", name=label).select_option(label=option)
    if not scripts:
        page.get_by_role("button", name="Apply").click()
    page.wait_for_function("before => location.href !== before", arg=before)
    expect(page.get_by_role("combobox", name=label).locator("option:checked")).to_have_text(option)


@SCRIPTS
def test_each_filter_leaves_its_own_and_stays_in_the_address(
    scripts: bool, olga: Contact, visit: Callable[..., Page], marketer: User
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(olga.get_absolute_url())
    expect(page.locator(ROWS)).to_have_count(SIZE)
    choose(page, "Channel", "Email", scripts=scripts)
    expect(page.locator(ROWS)).to_have_count(2)
    choose(page, "Origin", "Campaign", scripts=scripts)
    choose(page, "Status", "Open", scripts=scripts)
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(ROWS)).to_contain_text("Opened Autumn offer")
    choose(page, "Period", "All time", scripts=scripts)
    expect(page.get_by_role("combobox", name="Period")).to_have_value("all")
    for word in ("channel=email", "origin=campaign", "status=open", "period=all"):
        assert word in page.url
    choose(page, "Channel", "SMS", scripts=scripts)
    expect(page.get_by_role("heading", name="Nothing under these filters")).to_be_visible()
    page.get_by_role("link", name="Show everything of all time").click()
    expect(page.locator(ROWS)).to_have_count(SIZE)


@SCRIPTS
def test_older_events_and_the_other_order(
    scripts: bool, olga: Contact, visit: Callable[..., Page], marketer: User
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(olga.get_absolute_url())
    page.get_by_role("link", name="Show older events").click()
    expect(page.locator(ROWS)).to_have_count(SIZE + 10 if scripts else 10)
    expect(page.get_by_text("That is all.")).to_be_visible()
    choose(page, "Order", "Oldest first", scripts=scripts)
    expect(page.get_by_role("link", name="Show newer events")).to_be_visible()
    page.get_by_role("link", name="Show newer events").click()
    expect(page.locator(ROWS).last).to_contain_text("Opened Autumn offer")


@SCRIPTS
def test_info_opens_beside_the_event(scripts: bool, olga: Contact, visit: Callable[..., Page], marketer: User) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(f"{olga.get_absolute_url()}?channel=email")
    info = page.get_by_role("link", name=re.compile("Info.*Opened Autumn offer"))
    info.focus()
    page.keyboard.press("Enter")
    conversation = page.locator(".event-conversation li")
    expect(conversation).to_have_count(2)
    expect(conversation.first).to_contain_text("Delivered")
    expect(page.locator(".event")).to_contain_text("boots")
    if scripts:
        expect(info).to_have_attribute("aria-expanded", "true")
        look_over(page, said="What became of the message")
        info.click()
        expect(page.locator(".event")).to_have_count(0)


def test_new_events_are_told_of_and_shown(olga: Contact, desk: Page) -> None:
    desk.goto(olga.get_absolute_url())
    event = NewEvent(olga.pk, timezone.now(), Channel.VIBER, Origin.TRIGGER, Status.CLICK, None, {"title": "Birthday"})
    record_many([event, event, event])
    desk.evaluate("htmx.trigger('#feed-news', 'look')")
    desk.get_by_role("link", name="3 new events").click()
    expect(desk.locator(ROWS).first).to_contain_text("Clicked Birthday")
    expect(desk.get_by_role("link", name="3 new events")).to_have_count(0)


def test_it_is_pleasant_to_look_at(olga: Contact, desk: Page) -> None:
    desk.goto(f"{olga.get_absolute_url()}?period=30")
    look_over(desk, said="Opened Autumn offer")
