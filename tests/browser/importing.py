"""The way of a marketer through an import, page by page, and short cuts to a place on it."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from activity import transfers
from activity.audit import Actor
from activity.models import Transfer
from config.models import User
from contacts.imports.formats import Format, sample_rows
from contacts.imports.forms import MappingForm
from contacts.imports.start import start
from contacts.imports.storage import table

# Under load, a worker may take its time.
PATIENCE = 30_000


def upload(page: Page, file: Path) -> None:
    """From the contact list to the page of the columns."""
    page.goto("/contacts/")
    page.get_by_role("link", name="Import contacts").first.click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is in each column?", timeout=PATIENCE)


def goes_to(page: Page, column: str) -> str:
    """What the page would make of a column of the file."""
    return page.get_by_role("combobox", name=column, exact=True).locator("option:checked").inner_text()


def check(page: Page) -> None:
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the import would do", timeout=PATIENCE)


def is_done(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("The import is done", timeout=PATIENCE)


def counts(page: Page) -> dict[str, str]:
    """What became of the rows, or would: by the page's own words."""
    tally = page.locator("dl.tally")
    return dict(zip(tally.locator("dt").all_inner_texts(), tally.locator("dd").all_inner_texts(), strict=True))


def press_import(page: Page, rows: str) -> None:
    page.get_by_role("button", name=f"Import {rows} rows", exact=True).click()


def start_and_watch(page: Page, rows: str) -> list[str]:
    """Presses the button and asks for the progress, beside the page itself, till the end; returns the numbers told."""
    address = f"{page.url}progress/"
    page.get_by_role("button", name=f"Import {rows} rows", exact=True).click(no_wait_after=True)
    told: list[str] = []
    while "hx-refresh" not in (answer := page.request.get(address)).headers or not told:
        told += re.findall(r"([\d,]+) of [\d,]+ rows", answer.text())
    return told


def given(file: Path, *, owner: User) -> Transfer:
    """An import whose columns wait for their owner's decision. `file` is moved away."""
    transfer = start(file=file, name=file.name, actor=Actor(user=owner))
    _finish(transfer)
    return transfer


def checked(file: Path, *, owner: User) -> Transfer:
    """An import that has been checked by the columns that it suggests, and waits for its owner's word."""
    transfer = given(file, owner=owner)
    format_ = Format.load(transfer.parameters["format"])
    mapping = MappingForm.suggested(sample_rows(table(transfer), format_), format_).mapping()
    parameters = transfer.parameters | {"mapping": mapping.dump()}
    transfers.queue(transfer, step="check", actor=Actor(user=owner), parameters=parameters)
    _finish(transfer)
    return transfer


def _finish(transfer: Transfer) -> None:
    transfers.run_or_wait(transfer, tick=lambda _transfer: None, seconds=0.1)
