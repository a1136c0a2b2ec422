"""Staff sign in by their name or email and password, and nobody else comes in."""

from playwright.sync_api import Page, expect

from config.models import User
from tests.factories import PASSWORD


def test_a_wrong_password_says_so_and_the_right_one_leads_to_where_one_wanted_to_go(page: Page, marketer: User) -> None:
    page.goto("/activity/transfers/")
    page.get_by_label("User name or email").fill(marketer.username)
    page.get_by_label("Password").fill("a wrong guess")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".errorlist")).to_contain_text("not correct")
    expect(page.get_by_label("User name or email")).to_have_value(marketer.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Activity Log")


def test_after_signing_out_the_back_button_shows_nothing(desk: Page) -> None:
    desk.goto("/contacts/")
    desk.locator("summary.who").click()
    desk.get_by_role("button", name="Sign out").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Sign in")
    desk.go_back()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Sign in")
