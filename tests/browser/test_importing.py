"""A file becomes contacts: uploaded, understood, checked, imported by a worker, its refused rows given back."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from activity.models import AuditEntry, Transfer
from activity.transfer_states import State
from config.models import User
from contacts.models import Contact
from tests.browser import importing
from tests.browser.files import BAD_EMAIL_EVERY, BAD_PHONE_EVERY, PEOPLE_HEADER, people, write_csv, write_xlsx
from tests.factories import TransferFactory

pytestmark = pytest.mark.usefixtures("celery_worker")


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """A file of twenty people, two of whom cannot be imported."""
    return write_csv(tmp_path / "customers.csv", PEOPLE_HEADER, people(20))


def test_ten_thousand_rows_show_their_progress_and_end_in_counts(desk: Page, tmp_path: Path) -> None:
    importing.upload(desk, write_csv(tmp_path / "customers.csv", PEOPLE_HEADER, people(10_000)))
    understood = [importing.goes_to(desk, name) for name in PEOPLE_HEADER]
    assert understood == [
        *("ID", "Email", "Phone number", "First name", "Last name", "Birthday", "Language"),
        "Not imported",  # it is for the marketer to decide what a city is
    ]
    importing.check(desk)
    refused = 10_000 // BAD_EMAIL_EVERY + 10_000 // BAD_PHONE_EVERY
    expected = {"New contacts": "9,965", "Updated": "0", "Unchanged": "0", "Rows refused": f"{refused}"}
    assert importing.counts(desk) == expected
    assert not Contact.objects.exists()
    assert len(set(importing.start_and_watch(desk, "9,965"))) > 1
    importing.is_done(desk)
    assert importing.counts(desk) == expected
    desk.get_by_role("link", name="Go to the contacts").click()
    expect(desk.get_by_role("status")).to_contain_text("9,965 contacts")


def test_the_page_follows_the_work_by_itself(desk: Page, marketer: User) -> None:
    running = TransferFactory.create(
        owner=marketer,
        step="run",
        state=State.RUNNING,
        total=10_000,
        done=1_000,
        lease_until=now() + timedelta(hours=1),
    )
    transfer = Transfer.objects.filter(pk=running.pk)
    desk.goto(running.url)
    progress = desk.get_by_role("progressbar", name="Progress")
    for done in (1_000, 3_000, 7_000):
        transfer.update(done=done)
        expect(desk.get_by_role("region", name="Progress")).to_contain_text(f"{done:,} of 10,000 rows")
        expect(progress).to_have_js_property("value", done // 100)
    transfer.update(state=State.DONE, done=10_000, ended_at=now())
    importing.is_done(desk)


def test_refused_rows_come_back_as_a_file_to_mend(desk: Page, marketer: User, customers: Path) -> None:
    desk.goto(importing.checked(customers, owner=marketer).url)
    expect(desk.get_by_role("row", name="12 phoneNumber: “12” is not a phone number")).to_be_visible()
    importing.press_import(desk, "18")
    importing.is_done(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download the refused rows").click()
    assert download.value.suggested_filename == "refused rows of customers.csv"
    header, email, phone = csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig")))
    assert "“nobody at home” is not an email address" in " ".join(email)
    assert "“12” is not a phone number" in " ".join(phone)
    for row, given in ((email, people(20)[6]), (phone, people(20)[10])):
        assert [cell for name, cell in zip(header, row, strict=True) if name in PEOPLE_HEADER] == list(given)


def test_a_workbook_keeps_texts_as_they_were_written(desk: Page, tmp_path: Path) -> None:
    rows = [(f"{number:05}", f"Person{number}@Example.com", f"{number:05}") for number in range(1, 301)]
    importing.upload(desk, write_xlsx(tmp_path / "partners.xlsx", ("userId", "Email Address", "Card"), rows))
    desk.get_by_role("combobox", name="Card", exact=True).select_option(label="String")
    importing.check(desk)
    importing.press_import(desk, "300")
    importing.is_done(desk)
    desk.goto(f"{Contact.objects.get(user_id='00123').get_absolute_url()}variables/")
    expect(desk.get_by_role("row", name="Card")).to_contain_text("00123")


def test_a_double_click_imports_once(desk: Page, marketer: User, customers: Path) -> None:
    desk.goto(importing.checked(customers, owner=marketer).url)
    desk.get_by_role("button", name="Import 18 rows").dblclick()
    importing.is_done(desk)
    assert importing.counts(desk)["New contacts"] == "18"
    assert AuditEntry.objects.filter(verb="import.run").count() == 1


def test_a_second_tab_shows_the_import_that_the_first_has_started(desk: Page, marketer: User, customers: Path) -> None:
    transfer = importing.checked(customers, owner=marketer)
    tabs = (desk, desk.context.new_page())
    for tab in tabs:
        tab.goto(transfer.url)
    for tab in tabs:
        importing.press_import(tab, "18")
    for tab in tabs:
        importing.is_done(tab)
    assert AuditEntry.objects.filter(verb="import.run").count() == 1


def test_two_tabs_that_start_at_the_same_moment_import_once(desk: Page, marketer: User, customers: Path) -> None:
    transfer = importing.checked(customers, owner=marketer)
    tabs = (desk, desk.context.new_page())
    for tab in tabs:
        tab.goto(transfer.url)
    with transaction.atomic():
        Transfer.objects.select_for_update().get(pk=transfer.pk)
        for tab in tabs:
            tab.get_by_role("button", name="Import 18 rows").click(no_wait_after=True)
        desk.wait_for_timeout(500)  # both requests read that nothing has begun yet, and wait for each other
    for tab in tabs:
        importing.is_done(tab)
    assert AuditEntry.objects.filter(verb="import.run").count() == 1


def test_without_scripts_an_import_goes_all_its_way(
    visit: Callable[..., Page], marketer: User, customers: Path
) -> None:
    page = visit(marketer, java_script_enabled=False)
    importing.upload(page, customers)
    importing.check(page)
    importing.press_import(page, "18")
    importing.is_done(page)
    assert importing.counts(page) == {"New contacts": "18", "Updated": "0", "Unchanged": "0", "Rows refused": "2"}
