"""A score rule made in a browser; its pages looked over."""

from playwright.sync_api import Page, expect

from activity.catalogue import Status
from tests.browser.looking import fits, look_over
from tests.browser.watching import Watch
from tests.factories import ContactFactory, EventFactory
from tests.scoring.making import settle


def test_a_rule_is_made_previewed_and_shown_on_the_profile(desk: Page, watch: Watch) -> None:
    watch.expects("htmx:(sendAbort|afterRequest)")  # the next change counts, not the one before
    contact = ContactFactory.create(first_name="Olga")
    EventFactory.create_batch(2, contact=contact, status=Status.OPEN)
    settle()
    desk.goto("/contacts/components/")
    desk.get_by_role("link", name="Score rules", exact=True).click()
    desk.get_by_role("link", name="New rule").first.click()
    desk.get_by_role("textbox", name="Name").fill("Opens")
    desk.get_by_label("once, while conditions hold").check()
    expect(desk.get_by_label("What is asked of")).to_be_visible()
    desk.get_by_label("for each time that somebody does something").check()
    desk.get_by_role("combobox", name="What they did").select_option(label="Opened an email")
    desk.get_by_label("in the last").fill("30")
    desk.get_by_label("Points each time").fill("3")
    desk.get_by_label("Points each time").press("Tab")
    expect(desk.get_by_text("1 of 1 sampled contacts")).to_be_visible()
    expect(desk.get_by_text("+3 points each time: opened an email in the last 30 days")).to_be_visible()
    look_over(desk, said="They get +6 each.")
    desk.get_by_role("button", name="Make the rule").click()
    expect(desk.get_by_text("The rule is made.")).to_be_visible()

    settle()
    desk.goto(contact.get_absolute_url())
    desk.get_by_role("link", name="6", exact=True).click()
    expect(desk.get_by_role("row", name="Opens")).to_contain_text("+6")
    look_over(desk, said="How the score comes about")
    desk.goto("/contacts/components/scores/")
    fits(desk, said="In force")
