"""The page of a message and the Outbox: callbacks are played, what was sent is in its frame, and it is resent."""

import re

from playwright.sync_api import Page, expect

from activity.catalogue import MESSAGE_CHANNELS, Channel
from messaging.delivery import work
from messaging.models import Message
from tests.browser.looking import look_over
from tests.factories import ContactFactory
from tests.messaging.messages import launch
from tests.subscriptions.consent import opt_in


def test_a_message_is_played_with_and_resent(desk: Page) -> None:
    desk.goto("/messages/outbox/")
    look_over(desk, said="Nothing in the Outbox yet")
    contact = ContactFactory.create(first_name="Olena", phone="+380671234567")
    for channel in MESSAGE_CHANNELS:
        opt_in(contact, channel)
    message = launch(contact)
    work.deliver(Channel.EMAIL)

    desk.reload()
    look_over(desk, said="Sandbox: nothing leaves")
    desk.get_by_role("link", name="Hello Olena").click()
    expect(desk.frame_locator("iframe").get_by_text("Hello Olena")).to_be_visible()
    desk.get_by_role("button", name="Bounced for now").click()
    desk.get_by_role("button", name="Opened").click()
    expect(desk.get_by_text("452 4.2.2 Mailbox full").last).to_be_visible()
    look_over(desk, said="What became of it")

    desk.get_by_role("link", name="Resend").click()
    look_over(desk, said="The contact has already opened it.")
    desk.get_by_role("button", name="Resend").click()
    expect(desk).to_have_url(re.compile(rf"/messages/{Message.objects.get(resend_of=message).pk}/$"))
    expect(desk.get_by_text("The message is on its way again.")).to_be_visible()
