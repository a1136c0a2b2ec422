"""Send Message in a browser: from the profile to the message's page, with scripts and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel
from config.models import User
from contacts.models import Contact
from messaging import templating
from messaging.models import Message, Template
from tests.browser.accounts import ENDLESS
from tests.browser.looking import fits, look_over
from tests.browser.watching import Watch
from tests.factories import ContactFactory
from tests.subscriptions.consent import opt_in, unsubscribe

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
BODY = "<h1>Hi {{ firstName }}</h1><p>{{ avatarUrl }}</p><script>document.title = 'run'</script>"


@pytest.fixture
def contact() -> Contact:
    contact = ContactFactory.create(first_name="Olena", phone="+380671234567")
    for channel in MESSAGE_CHANNELS:
        opt_in(contact, channel, address="" if channel in (Channel.EMAIL, Channel.SMS) else "chat-1")
    unsubscribe(contact, Channel.SMS)
    return contact


@SCRIPTS
def test_a_message_goes_from_the_profile_to_its_own_page(
    visit: Callable[..., Page], marketer: User, contact: Contact, scripts: bool
) -> None:
    page = visit(marketer, java_script_enabled=scripts)
    page.goto(contact.get_absolute_url())
    page.get_by_role("link", name="Send Message").click()
    expect(page.get_by_role("link", name="SMS", exact=True)).to_have_count(0)
    expect(page.get_by_text("Cannot be sent: Unsubscribed")).to_be_visible()
    page.get_by_role("link", name="Email", exact=True).click()
    page.get_by_label("Subject").fill("For {{ firstname }}")
    page.get_by_label("Text", exact=True).fill(BODY)
    if not scripts:
        page.get_by_role("button", name="Continue").click()
    expect(page.locator("#report")).to_contain_text("Did you mean “firstName”?")
    page.get_by_label("Subject").fill("For {{ firstName }}")
    if scripts:
        expect(page.locator("#report")).to_contain_text("Empty for Olena")
    else:
        page.get_by_role("button", name="Show it").click()
    frame = page.frame_locator(".preview-frame:not([hidden])")
    expect(frame.get_by_role("heading", name="Hi Olena")).to_be_visible()
    expect(frame.locator("mark")).to_have_text("avatarUrl")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Send this by Email?")).to_be_visible()
    expect(page.get_by_text("For Olena", exact=True)).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="For")).to_be_visible()
    assert page.url.endswith(Message.objects.get().get_absolute_url())


def test_the_preview_follows_and_adds_no_step_to_the_way_back(desk: Page, contact: Contact) -> None:
    desk.goto(f"{contact.get_absolute_url()}send/telegram/")
    before = desk.evaluate("history.length")
    frame = desk.frame_locator(".preview-frame:not([hidden])")
    for text, seen in (("<b>Hi</b> {{ firstName }}", "Hi Olena"), ("{{ lastName", "“{{” is not closed")):
        desk.get_by_label("Text", exact=True).fill(text)
        expect(frame.locator("body")).to_contain_text(seen)
    desk.get_by_label("Text", exact=True).fill("Dear , bye")
    desk.get_by_label("Text", exact=True).evaluate("field => field.setSelectionRange(5, 5)")
    desk.get_by_role("searchbox", name="Search variables").fill("first")
    desk.get_by_role("button", name="firstName").click()
    expect(desk.get_by_label("Text", exact=True)).to_have_value("Dear {{ firstName }}, bye")
    expect(frame.locator("body")).to_contain_text("Dear Olena, bye")
    assert desk.evaluate("history.length") == before


def test_looked_over(desk: Page, contact: Contact, watch: Watch) -> None:
    watch.expects("postMessage")  # axe asks the frame, which runs nothing
    template = Template(name=ENDLESS[:150], channel=Channel.VIBER, body="{{ firstName }}, {{ orderNumber }} is there.")
    templating.save_template(template, actor=Actor(), fields=[])
    version = template.versions.get()
    templating.approve(version, actor=Actor(), reason="")
    desk.goto(f"{contact.get_absolute_url()}send/")
    look_over(desk, said="Cannot be sent")
    desk.goto(f"{contact.get_absolute_url()}send/email/")
    desk.get_by_label("Subject").fill("{{ x }}")
    desk.get_by_label("Text", exact=True).fill(f"<p>{ENDLESS}{{{{ avatarUrl }}}}</p>")
    expect(desk.locator("#report")).to_contain_text("no variable")
    look_over(desk, said="Variables")
    desk.get_by_label("Subject").fill(ENDLESS[:100])
    expect(desk.locator("#report")).to_contain_text("Empty for")
    desk.get_by_role("button", name="Continue").click()
    look_over(desk, said="Send this by Email?")
    desk.goto(f"{contact.get_absolute_url()}send/viber/?template={version.pk}")
    fits(desk, said="orderNumber")
