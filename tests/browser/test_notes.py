"""Notes in a browser: written, counted, read and deleted, with scripts and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from activity.audit import Actor
from config.models import User
from contacts.identity import Invalid
from contacts.models import Contact
from notes.models import MOST_NOTES, Note
from notes.text import MOST_CHARACTERS, characters
from notes.writing import add_note
from tests.browser.accounts import ENDLESS
from tests.browser.looking import fits, look_over
from tests.browser.watching import requests_of
from tests.factories import ContactFactory, NoteFactory
from tests.odd_strings import odd_strings

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
FAMILY = "👨‍👩‍👧‍👦"


def address(contact: Contact) -> str:
    return f"{contact.get_absolute_url()}notes/"


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="New note")


def write(page: Page, text: str) -> None:
    field(page).fill(text)
    page.get_by_role("button", name="Add note").click()


def shown(page: Page) -> list[str]:
    return [f"{note.text_content()}" for note in page.locator(".note-text").all()]


def expect_count(page: Page, count: int) -> None:
    """In the tab, and as many as there are below it."""
    expect(page.locator(".tab[aria-current] .tab-count")).to_have_text(str(count))
    expect(page.locator(".note")).to_have_count(count)


def delete(page: Page, place: int) -> None:
    page.locator("summary.note-delete").nth(place).click()
    page.get_by_role("button", name="Delete for good").and_(page.locator("[open] button")).click()


@SCRIPTS
def test_a_note_is_written_and_read(visit: Callable[..., Page], marketer: User, scripts: bool) -> None:
    contact = ContactFactory.create()
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(contact.get_absolute_url())
    page.get_by_role("navigation", name="Profile").get_by_role("link", name="Notes").click()
    expect(page.get_by_role("heading", name="No notes yet")).to_be_visible()
    text = f"Call after six {FAMILY}\n\n  see https://example.com/a. <b>{{{{ x }}}}"
    write(page, text)
    expect_count(page, 1)
    expect(page.get_by_text("The note is added.")).to_be_visible()
    assert shown(page) == [text]
    expect(field(page)).to_have_value("")
    expect(page.locator(".note").get_by_role("link")).to_have_attribute("href", "https://example.com/a")
    expect(page.locator(".note-author")).to_have_text(marketer.username)
    write(page, "second")
    expect_count(page, 2)
    assert shown(page) == ["second", text]
    assert [note.author for note in Note.objects.on(contact)] == [marketer, marketer]


@SCRIPTS
def test_deleting_asks_and_is_final(visit: Callable[..., Page], marketer: User, scripts: bool) -> None:
    contact = ContactFactory.create()
    NoteFactory.create_batch(2, contact=contact)
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(address(contact))
    kept, doomed = reversed(shown(page))
    page.locator("summary.note-delete").first.click()
    expect(page.get_by_text("Delete this note? It cannot be brought back.").first).to_be_visible()
    assert Note.objects.on(contact).count() == 2
    page.locator("[open] button", has_text="Delete for good").click()
    expect_count(page, 1)
    expect(page.get_by_text("The note is deleted.")).to_be_visible()
    assert shown(page) == [kept]
    page.reload()
    assert shown(page) == [kept]
    assert not Note.objects.filter(text=doomed).exists()


@SCRIPTS
def test_five_are_the_limit_and_a_deletion_makes_room(
    visit: Callable[..., Page], marketer: User, scripts: bool
) -> None:
    contact = ContactFactory.create()
    NoteFactory.create_batch(MOST_NOTES - 1, contact=contact)
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(address(contact))
    write(page, "fifth")
    expect_count(page, MOST_NOTES)
    expect(page.get_by_text("all 5 are there")).to_be_visible()
    expect(field(page)).to_have_count(0)
    delete(page, 0)
    expect_count(page, MOST_NOTES - 1)
    expect(page.get_by_text("all 5 are there")).to_have_count(0)
    write(page, "fifth again")
    expect_count(page, MOST_NOTES)


@SCRIPTS
def test_when_somebody_else_was_quicker_the_text_stays(
    visit: Callable[..., Page], marketer: User, scripts: bool
) -> None:
    contact = ContactFactory.create()
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(address(contact))
    NoteFactory.create_batch(MOST_NOTES, contact=contact)
    write(page, "Not to be lost")
    expect(page.get_by_text("Five notes are there already")).to_be_visible()
    expect(field(page)).to_have_value("Not to be lost")
    expect_count(page, MOST_NOTES)


@SCRIPTS
def test_too_long_a_note_is_refused_in_words_and_stays(
    visit: Callable[..., Page], marketer: User, scripts: bool
) -> None:
    contact = ContactFactory.create()
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(address(contact))
    long = FAMILY * (MOST_CHARACTERS + 1)
    write(page, long)
    expect(page.get_by_text("A note can have 500 characters, this one has 501.")).to_be_visible()
    expect(field(page)).to_have_value(long)
    write(page, FAMILY * MOST_CHARACTERS)
    expect_count(page, 1)
    assert Note.objects.get().characters == MOST_CHARACTERS


def test_the_counter_counts_as_people_do(desk: Page) -> None:
    desk.goto(address(ContactFactory.create()))
    counter = desk.locator(".note-counter")
    for text, words in (
        ("", "Characters left: 500"),
        ("a\n" * 100 + FAMILY * 100 + "e\u0301" * 100, "Characters left: 100"),
        ("क्ष" * MOST_CHARACTERS, "Characters left: 0"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿" * (MOST_CHARACTERS + 3), "Characters too many: 3"),
        ("x", "Characters left: 499"),
    ):
        field(desk).fill(text)
        expect(counter.locator("span:visible")).to_have_text(re.compile(rf"^\s*{words}\s*$"))
    write(desk, "y")
    expect_count(desk, 1)
    expect(counter).to_contain_text("500")


def test_without_scripts_no_counter_stands_still(visit: Callable[..., Page], marketer: User) -> None:
    page = visit(marketer, java_script_enabled=False)
    page.goto(address(ContactFactory.create()))
    expect(page.get_by_text("Up to 500 characters.")).to_be_visible()
    expect(page.locator(".note-counter")).to_be_hidden()


def test_browser_and_server_count_alike(desk: Page) -> None:
    count = """(texts) => {
      const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
      return texts.map((text) => [...segmenter.segment(text)].length);
    }"""
    texts = odd_strings()
    desk.goto("/contacts/")
    assert desk.evaluate(count, texts) == [characters(text) for text in texts]


def test_odd_strings_come_out_of_the_browser_as_they_were_written(desk: Page) -> None:
    notes: dict[str, list[str]] = {}
    contact = ContactFactory.create()
    for text in odd_strings():
        if Note.objects.on(contact).count() == MOST_NOTES:
            contact = ContactFactory.create()
        try:
            notes.setdefault(address(contact), []).insert(0, add_note(contact=contact, text=text, actor=Actor()).text)
        except Invalid:
            continue
    read = """async (addresses) => {
      const parser = new DOMParser();
      const read = async (address) => {
        const page = parser.parseFromString(await (await fetch(address)).text(), "text/html");
        return [...page.querySelectorAll(".note-text")].map((note) => note.textContent);
      };
      const found = {};
      for (const address of addresses) found[address] = await read(address);
      return found;
    }"""
    desk.goto("/contacts/")
    assert desk.evaluate(read, list(notes)) == notes


def test_with_scripts_the_page_stays_and_what_is_being_written_too(desk: Page) -> None:
    contact = ContactFactory.create()
    NoteFactory.create_batch(2, contact=contact)
    desk.goto(address(contact))
    field(desk).fill("half a thou")
    with requests_of(desk) as asked:
        delete(desk, 0)
        expect_count(desk, 1)
        expect(field(desk)).to_have_value("half a thou")
        write(desk, "a thought")
        expect_count(desk, 2)
    assert not [request for request in asked if request.resource_type == "document"]


def test_it_goes_by_keyboard_and_the_place_is_kept(desk: Page) -> None:
    contact = ContactFactory.create()
    NoteFactory.create(contact=contact)
    desk.goto(address(contact))
    field(desk).focus()
    desk.keyboard.type("typed")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect_count(desk, 2)
    expect(desk.locator("#notes")).to_be_focused()
    summary = desk.locator("summary.note-delete").first
    summary.focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Escape")
    expect(desk.locator(".note-question:visible")).to_have_count(0)
    expect(summary).to_be_focused()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect_count(desk, 1)
    expect(desk.locator("#notes")).to_be_focused()


def test_support_deletes_only_its_own(visit: Callable[..., Page], support: User) -> None:
    contact = ContactFactory.create()
    NoteFactory.create(contact=contact, text="another's")
    page = visit(support)
    page.goto(address(contact))
    write(page, "my own")
    expect_count(page, 2)
    expect(page.locator("summary.note-delete")).to_have_count(1)
    delete(page, 0)
    expect_count(page, 1)
    assert shown(page) == ["another's"]


def test_looked_over(desk: Page) -> None:
    empty, full, endless = ContactFactory.create(), ContactFactory.create(), ContactFactory.create()
    for text in ("short", f"{FAMILY}\nhttps://example.com/a", "مرحبا\nhello\nשלום", "  a   b\n\n\nc", "x " * 250):
        NoteFactory.create(contact=full, text=text)
    NoteFactory.create(contact=endless, text=ENDLESS * 3, author_name=ENDLESS)
    NoteFactory.create(contact=endless, text=f"https://example.com/{ENDLESS}")
    desk.goto(address(empty))
    look_over(desk, said="No notes yet")
    field(desk).fill("x" * (MOST_CHARACTERS + 1))
    look_over(desk, said="Characters too many")
    desk.get_by_role("button", name="Add note").click()
    expect(desk.get_by_text("this one has 501.")).to_be_visible()
    expect(field(desk)).to_be_focused()
    look_over(desk, said="this one has 501.")
    desk.goto(address(full))
    desk.locator("summary.note-delete").first.click()
    look_over(desk, said="all 5 are there")
    desk.goto(address(endless))
    desk.locator("summary.note-delete").first.click()
    fits(desk, said="Delete for good")
