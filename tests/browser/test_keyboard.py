"""Everything can be reached and used by keyboard, and one always sees where one is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from config.models import User
from tests.browser.looking import DESK, PHONE
from tests.factories import ContactFactory

# The focused element: its name, whether one sees that it has the focus, whether it lies in sight.
_FOCUSED = """() => {
  const it = document.activeElement;
  if (it === document.body) return null;
  const shown = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const frame = it.closest(".filter, .search") ?? it;
  const box = it.getBoundingClientRect();
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
  const on_top = document.elementFromPoint(x, y);
  return {
    name: it.getAttribute("aria-label") ?? it.labels?.[0]?.textContent ?? it.textContent,
    marked: shown(it) || shown(frame),
    in_sight: on_top !== null && (frame.contains(on_top) || on_top.contains(it)),
  };
}"""


def tab_through(page: Page) -> list[dict[str, Any]]:
    """What the Tab key leads to, from the top of the page to its end."""
    stops: list[dict[str, Any]] = []
    for _press in range(100):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop is None:
            return stops
        stops.append(stop | {"name": " ".join(stop["name"].split())})
    raise AssertionError(f"There is no end to it: {stops}")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_tab_leads_everywhere_and_shows_where_one_is(
    visit: Callable[..., Page], admin: User, size: ViewportSize
) -> None:
    ContactFactory.create_batch(12, first_name="Zoë")
    page = visit(admin)
    page.set_viewport_size(size)
    page.goto("/contacts/")
    stops = tab_through(page)
    names = [stop["name"] for stop in stops]
    assert names[0] == "Skip to the content"
    for name in ("Contacts", "Activity Log", "Admin", "Columns", "Import contacts", "Status", "Language", "Name"):
        assert any(name in found for found in names), f"{name}: {names}"
    # A box and a link each.
    assert sum(name.endswith("Zoë") for name in names) == 24, names
    assert not [stop for stop in stops if not stop["marked"]]
    assert not [stop for stop in stops[1:] if not stop["in_sight"]]


def test_fields_and_buttons_show_that_one_is_there(desk: Page) -> None:
    for address in ("/contacts/import/", "/accounts/password/"):
        desk.goto(address)
        assert not [stop for stop in tab_through(desk) if not stop["marked"]]


def test_the_skip_link_leads_past_the_navigation(desk: Page) -> None:
    desk.goto("/contacts/")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_be_focused()
    desk.keyboard.press("Tab")
    expect(desk.locator("summary", has_text="Columns")).to_be_focused()


def test_menus_open_by_key_and_close_by_escape(desk: Page) -> None:
    desk.goto("/contacts/")
    columns, account = desk.locator("summary", has_text="Columns"), desk.locator("summary.who")
    email, sign_out = desk.get_by_role("checkbox", name="Email"), desk.get_by_role("button", name="Sign out")
    for summary, inside, key in ((columns, email, "Enter"), (account, sign_out, " "), (columns, email, " ")):
        summary.focus()
        desk.keyboard.press(key)
        expect(inside).to_be_visible()
        inside.focus()
        desk.keyboard.press("Escape")
        expect(inside).to_be_hidden()
        expect(summary).to_be_focused()


def test_an_open_menu_lies_within_the_window(desk: Page) -> None:
    desk.goto("/contacts/")
    for size in (DESK, PHONE):
        desk.set_viewport_size(size)
        for summary in (desk.locator("summary", has_text="Columns"), desk.locator("summary.who")):
            summary.click()
            box = desk.locator("details[open] .menu-panel").bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size["width"]
            desk.keyboard.press("Escape")


def test_columns_are_chosen_by_keyboard(desk: Page) -> None:
    ContactFactory.create()
    desk.goto("/contacts/")
    desk.locator("summary", has_text="Columns").focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("checkbox", name="Birthday").focus()
    desk.keyboard.press(" ")
    desk.get_by_role("button", name="Show these").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("columnheader", name="Birthday")).to_be_visible()


def test_a_slash_in_a_field_is_a_slash(desk: Page) -> None:
    desk.goto("/accounts/password/")
    desk.get_by_label("Current password").focus()
    desk.keyboard.type("a/b")
    expect(desk.get_by_label("Current password")).to_have_value("a/b")
