"""Download on the feed and on the contact list, through to what is in the files; the log of what was done."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from activity.audit import Actor, record
from activity.catalogue import Channel, Origin, Status
from activity.events import NewEvent, record_many
from activity.exports.links import download_url
from activity.models import AuditEntry, Transfer
from config.models import User
from config.roles import MARKETER
from contacts.models import Contact
from tests.browser.importing import PATIENCE
from tests.browser.looking import look_over
from tests.browser.watching import Watch
from tests.factories import ContactFactory, EventFactory, UserFactory

pytestmark = pytest.mark.usefixtures("celery_worker")

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
def olga(db: None) -> Contact:
    """With an email that was opened and a text that a spreadsheet would work out."""
    contact = ContactFactory.create(user_id="u-1", first_name="Olga", phone="+380671234567")
    now = EventFactory.create(contact=contact, channel=Channel.SMS).occurred_at
    record_many([NewEvent(contact.pk, now, Channel.EMAIL, Origin.CAMPAIGN, Status.OPEN, 7, {"title": "=1+1"})])
    return contact


def fetch(page: Page) -> Path:
    """The file of the topmost row, once a worker has made it."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Activity Log")
    link = page.get_by_role("link", name="Download").first
    expect(link).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == Transfer.objects.latest("pk").result_name
    return download.value.path()


@SCRIPTS
def test_the_feed_under_its_filters_as_csv(
    scripts: bool, olga: Contact, visit: Callable[..., Page], marketer: User
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(f"{olga.get_absolute_url()}?channel=email")
    page.locator("summary", has_text="Download").click()
    page.get_by_role("button", name="Make the file").click()
    text = fetch(page).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["Channel"], row["Status"], row["Message or event"]) for row in rows] == [("Email", "Open", "'=1+1")]
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") if scripts else "UTC"
    assert f"Time ({zone})" in rows[0]
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "activity_export.run",
        "activity_export.download",
    ]


def test_all_of_the_feed_as_a_workbook(olga: Contact, desk: Page) -> None:
    desk.goto(f"{olga.get_absolute_url()}?channel=email")
    desk.locator("summary", has_text="Download").click()
    desk.get_by_label("Everything of all time").check()
    desk.get_by_label("Excel workbook (XLSX)").check()
    desk.get_by_role("button", name="Make the file").click()
    sheet = CalamineWorkbook.from_path(str(fetch(desk))).get_sheet_by_index(0).to_python()
    place = sheet[0].index("Message or event")
    assert sorted((row[1], row[place]) for row in sheet[1:]) == [("Email", "=1+1"), ("SMS", "")]


@SCRIPTS
def test_contacts_under_the_filters_of_the_list(
    scripts: bool, olga: Contact, visit: Callable[..., Page], marketer: User
) -> None:
    ContactFactory.create(is_active=False)
    page = visit(marketer, java_script_enabled=scripts)
    page.goto("/contacts/?status=active")
    page.get_by_role("link", name="Export these").click()
    expect(page.locator("main")).to_contain_text("1 contact")
    page.get_by_label("Language").uncheck()
    page.get_by_role("button", name="Make the file").click()
    rows = list(csv.DictReader(io.StringIO(fetch(page).read_text(encoding="utf-8-sig"), newline="")))
    assert [(row["ID"], row["First name"], row["Phone number"]) for row in rows] == [("u-1", "Olga", "+380671234567")]
    assert "Language" not in rows[0]


def test_another_persons_link_leads_nowhere(
    olga: Contact, desk: Page, visit: Callable[..., Page], watch: Watch
) -> None:
    desk.goto(olga.get_absolute_url())
    desk.locator("summary", has_text="Download").click()
    desk.get_by_role("button", name="Make the file").click()
    fetch(desk)
    link = download_url(Transfer.objects.get())
    other = visit(UserFactory.create(role=MARKETER), locale="de-DE")
    watch.expects("404")
    other.goto(link)
    expect(other.get_by_role("heading", level=1)).to_have_text("There is nothing at this address")


@SCRIPTS
def test_the_log_and_its_filters(
    scripts: bool, olga: Contact, visit: Callable[..., Page], admin: User, marketer: User
) -> None:
    record(actor=Actor(user=marketer, name=marketer.username), verb="contact.edit", of=olga, field="firstName")
    record(actor=Actor(user=admin, name=admin.username), verb="contact.add", of=olga)
    page = visit(admin, java_script_enabled=scripts)
    page.goto("/contacts/")
    page.get_by_role("link", name="Activity Log").click()
    rows = page.locator("#rows tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_role("combobox", name="Person").select_option(label=marketer.username)
    if not scripts:
        page.get_by_role("button", name="Apply").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Edited a contact First name")
    assert f"person={marketer.pk}" in page.url
    rows.get_by_role("link", name="Olga").click()
    page.wait_for_url(f"**{olga.get_absolute_url()}")


def test_every_page_of_it_bears_a_look(olga: Contact, desk: Page) -> None:
    desk.goto("/activity/log/")
    look_over(desk, said="Nothing was done in the last 7 days")
    desk.goto(olga.get_absolute_url())
    desk.locator("summary", has_text="Download").click()
    look_over(desk, said="Everything of all time")
    desk.get_by_role("button", name="Make the file").click()
    fetch(desk)
    look_over(desk, said="Activity export")
    desk.get_by_role("link", name=Transfer.objects.get().result_name, exact=True).click()
    look_over(desk, said="Kept until")
    desk.goto("/activity/log/")
    look_over(desk, said="Downloaded an export of activity")
    desk.goto("/contacts/export/?status=active")
    look_over(desk, said="The file can be imported here again as it is.")
