"""Send Message, without a browser: channels with their verdicts, checks, preview, confirming, sending once."""

import re
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity.audit import Actor
from activity.catalogue import Channel
from activity.models import AuditEntry
from config.models import User
from contacts.models import Contact
from messaging import sending, templating
from messaging.composing import views
from messaging.delivery import work
from messaging.models import Message, Template
from messaging.providers.interface import Refused
from messaging.states import State
from subscriptions import consent
from subscriptions.facts import Door
from tests.factories import ContactFactory, ContactListFactory
from tests.messaging.conftest import Fake

pytestmark = pytest.mark.django_db


def page(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def written(**values: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "subject": "Hello {{ firstName }}",
        "format": "html",
        "body": "<p>Hello {{ firstName }} {{ avatarUrl }}</p>",
    } | values


def address(contact: Contact, channel: str = "email/") -> str:
    return f"/contacts/{contact.pk}/send/{channel}"


def test_channels_stand_with_their_verdicts_and_closed_ones_lead_nowhere(site: Client, contact: Contact) -> None:
    consent.unsubscribe(contact=contact, channel=Channel.SMS, actor=Actor(name="Marta"), door=Door.PAGE)
    assert "Send Message" in page(site.get(contact.get_absolute_url()))
    shown = page(site.get(address(contact, "")))
    assert address(contact) in shown
    assert address(contact, "sms/") not in shown
    assert "Cannot be sent: Unsubscribed" in shown
    assert "subscribe them again once they ask for it" in shown
    closed = site.get(address(contact, "sms/"))
    assert (closed.status_code, closed.headers["Location"]) == (302, address(contact, ""))
    assert site.get(address(contact, "pigeon/")).status_code == 404
    late = page(site.post(address(contact, "sms/"), written(step="send", body="Not to be lost")))
    assert "SMS is closed for this contact by now." in late
    assert "Not to be lost" in late
    assert not Message.objects.exists()


def test_a_message_is_written_confirmed_and_sent_once(
    site: Client, contact: Contact, fake: Fake, django_capture_on_commit_callbacks: Any
) -> None:
    sent = written()
    refused = page(site.post(address(contact), written(subject="Hi {{ firstname }}") | {"step": "confirm"}))
    assert "no variable “firstname”. Did you mean “firstName”?" in refused
    assert "{{ firstname }}" in refused
    confirming = page(site.post(address(contact), sent | {"step": "confirm"}))
    assert "Send this by Email?" in confirming
    assert "Hello Olena" in confirming
    assert not Message.objects.exists()
    assert "{{ avatarUrl }}" in page(site.post(address(contact), sent | {"step": "edit"}))
    answers = [site.post(address(contact), sent | {"step": "send"}) for _time in range(2)]
    message = Message.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [message.get_absolute_url()] * 2
    assert (message.state, message.channel, message.contact) == (State.QUEUED, Channel.EMAIL, contact)
    other = page(site.post(address(contact), sent | {"step": "send", "body": "<p>Something else</p>"}))
    assert "What was written here before has been sent." in other
    assert "<p>Something else</p>" in other
    assert sent["key"] not in other
    assert Message.objects.count() == 1


def test_whoever_opts_out_while_it_is_written_gets_nothing(
    site: Client, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(**wanted: Any) -> Message:
        consent.unsubscribe(contact=contact, channel=Channel.EMAIL, actor=Actor(name="x"), door=Door.LINK)
        return sending.send(**wanted)

    monkeypatch.setattr(views, "send", late)
    site.post(address(contact), written(step="send"))
    assert Message.objects.get().state == State.SKIPPED


def test_the_report_tells_what_is_wrong_empty_and_how_long(site: Client, contact: Contact) -> None:
    def report(channel: str, **values: str) -> str:
        return page(site.post(f"{address(contact, channel)}check/", written(**values)))

    assert "Empty for" in report("email/")
    assert "<code>avatarUrl</code>" in report("email/")
    assert "KB, with a plain-text twin" in report("email/")
    assert "Gmail cuts off" in report("email/", body="<p>привіт</p>" * 6_000)
    assert "HTML tags in this plain text" in report("email/", format="text")
    assert "no filter “upcse”. Did you mean “upcase”? (line 2, column 16)" in report(
        "email/", body="<p>\n{{ firstName | upcse }}"
    )
    assert "notice" not in report("email/", subject="", body="")
    assert "1 SMS · 8 characters of GSM 7-bit, 152 left" in report("sms/", body="Hi Olena")
    assert "Because of П р и" in report("sms/", body="При")
    assert "5 of 4096 characters" in report("telegram/", body="<b>Olena</b>")
    assert "does not know <table>" in report("telegram/", body="<table>")


def test_the_preview_is_a_sandboxed_document_of_its_own(site: Client, contact: Contact) -> None:
    def preview(channel: str = "email/", **values: str) -> Any:
        return site.post(f"{address(contact, channel)}preview/", written(**values))

    answer = preview(body="<p>{{ firstName }} {{ avatarUrl }}<a href='https://x.example/{{ avatarUrl }}'>x</a></p>")
    shown = page(answer)
    assert '<p>Olena <mark title="avatarUrl">avatarUrl</mark><a href="https://x.example/">x</a></p>' in shown
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    assert re.search(r"sandbox *(;|$)", policy)
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in site.get(address(contact)).headers["Content-Security-Policy"]
    assert '<mark title="avatarUrl">' in page(preview(view="text"))
    assert "Nothing is written yet" in page(preview(subject="", body=""))
    assert "no variable" in page(preview(body="{{ x }}"))
    assert "time zone is not known: times are the account’s (UTC)" in page(site.get(address(contact)))
    Contact.objects.update(timezone="+05:30", added_at="2026-03-04T23:30:00Z")
    assert "contact’s own (+05:30), wherever you are" in page(site.get(address(contact)))
    assert ">2026-03-05 05:00<" in page(preview(body="<p>{{ addedAt }}</p>"))
    told = preview("sms/", body="{{ firstName }} <b> {{ avatarUrl | default: 'none' }}").content.decode()
    assert "Olena &lt;b&gt; none" in told
    assert "<mark" not in told


def test_viber_sends_approved_templates_with_their_fields_filled_in(site: Client, contact: Contact) -> None:
    assert "No template is approved yet" in page(site.get(address(contact, "viber/")))
    template = Template(name="Order", channel=Channel.VIBER, body="{{ firstName }}, order {{ number }} is there.")
    templating.save_template(template, actor=Actor(name="Marta"), fields=[])
    version = template.versions.get()
    templating.approve(version, actor=Actor(name="Andrii"), reason="")
    form = page(site.get(f"{address(contact, 'viber/')}?template={version.pk}"))
    assert "order {{ number }} is there" in form
    assert 'name="field-number"' in form
    assert 'name="body"' not in form
    sent = {"key": str(uuid.uuid4()), "template": str(version.pk), "field-number": "1893", "step": "send"}
    assert "This field is required" in page(site.post(address(contact, "viber/"), sent | {"field-number": ""}))
    assert "Olena, order 1893 is there." in page(site.post(f"{address(contact, 'viber/')}preview/", sent))
    site.post(address(contact, "viber/"), sent)
    message = Message.objects.get()
    assert message.values == {"number": "1893"}
    assert message.written
    assert message.written.body["template"] == version.pk
    templating.reject(version, actor=Actor(name="Andrii"), reason="Too loud")
    late = page(site.post(address(contact, "viber/"), sent | {"key": str(uuid.uuid4())}))
    assert "No template is approved yet" in late
    assert Message.objects.count() == 1


def test_a_push_is_seen_as_a_notification_and_its_length_is_told(site: Client, contact: Contact) -> None:
    where = address(contact, "desktop-webpush/")
    sent = written(subject="Boots, {{ firstName }}", body="{{ avatarUrl }} <b>back</b>", link="https://a.example/")
    form = page(site.get(where))
    assert all(f'name="{name}"' in form for name in ("subject", "body", "link", "image"))
    card = site.post(f"{where}preview/", sent).content.decode()
    assert 'class="notification-title"><bdi>Boots, Olena</bdi>' in card
    assert '<mark title="avatarUrl">avatarUrl</mark> &lt;b&gt;back&lt;/b&gt;' in card
    assert "https://a.example/" in card
    assert "of 3400 bytes" in page(site.post(f"{where}check/", sent))
    assert "3400 bytes at most" in page(site.post(f"{where}check/", sent | {"body": "x" * 3_400}))
    assert site.post(where, sent | {"step": "send"}).status_code == 302
    message = Message.objects.get()
    assert message.content
    assert (message.content.link, message.channel) == ("https://a.example/", Channel.DESKTOP_WEBPUSH)


def test_a_message_starts_from_a_template(site: Client, contact: Contact) -> None:
    template = Template(name="Hi", channel=Channel.EMAIL, format="text", subject="S {{ firstName }}", body="B")
    templating.save_template(template, actor=Actor(name="Marta"), fields=[])
    version = template.versions.get()
    shown = page(site.get(f"{address(contact)}?template={version.pk}"))
    assert 'value="S {{ firstName }}"' in shown
    assert f'name="template" value="{version.pk}"' in shown
    site.post(address(contact), written(step="send", template=str(version.pk)))
    sent = Message.objects.get().written
    assert sent
    assert sent.body["template"] == version.pk


def test_a_plain_text_telegram_template_is_sent_as_plain_text(site: Client, contact: Contact, fake: Fake) -> None:
    template = Template(name="Hi", channel=Channel.TELEGRAM, format="text", body="1 < 2 & {{ firstName }}")
    templating.save_template(template, actor=Actor(name="Marta"), fields=[])
    version = template.versions.get()
    start = f"{address(contact, 'telegram/')}?template={version.pk}"
    assert "Plain text." in page(site.get(start))

    sent = {"key": str(uuid.uuid4()), "template": str(version.pk), "body": "1 < 2 & {{ firstName }}"}
    site.post(address(contact, "telegram/"), {**sent, "step": "send"})
    work.deliver(Channel.TELEGRAM)

    (given,) = fake.given
    assert (given.rendered.html, given.rendered.text) == ("", "1 < 2 & Olena")


def test_a_long_mail_can_be_written_and_a_longer_one_says_so(site: Client, contact: Contact) -> None:
    def confirmed(body: str) -> tuple[int, str]:
        sent = urlencode(written(body=body, step="confirm"))
        answer = site.post(address(contact), sent, content_type="application/x-www-form-urlencoded")
        return answer.status_code, page(answer)

    status, shown = confirmed("<p>" + "привіт " * 70_000 + "</p>")
    assert (status, "Send this by Email?" in shown) == (200, True)
    site.raise_request_exception = False
    status, shown = confirmed("привіт" * 200_000)
    assert (status, "larger than 4 MB" in shown) == (413, True)


def test_a_test_goes_to_oneself_and_is_no_message_of_the_contact(
    site: Client, marketer: User, contact: Contact, fake: Fake
) -> None:
    marketer.email = "marta@example.com"
    marketer.save()
    assert "Send me a test" in page(site.get(address(contact)))
    assert "on its way to marta@example.com" in page(site.post(address(contact), written(step="test")))
    (given,) = fake.given
    assert (given.address, given.rendered.subject) == ("marta@example.com", "[Test] Hello Olena")
    assert "Hello Olena" in given.rendered.html
    site.post(address(contact), written(step="test", body="<a href='{{ unSubscribeUrl }}'>Leave</a>"))
    assert "only-a-test" in fake.given.pop().rendered.html, "the contact would leave by it"
    fake.say = lambda _outgoing: Refused(True, "No such box")
    assert "The test was not sent: No such box" in page(site.post(address(contact), written(step="test")))
    site.post(address(contact), written(step="test", body="{{ x }}"))
    assert len(fake.given) == 2
    assert not Message.objects.exists()
    assert AuditEntry.objects.filter(verb="message.test").count() == 3


def test_who_may_not_send_finds_no_way_to_it(
    contact: Contact, support: User, signed_in: Callable[[User], Client], site: Client
) -> None:
    reader = signed_in(support)
    assert "/send/" not in page(reader.get(contact.get_absolute_url()))
    for path in ("", "email/"):
        assert reader.get(address(contact, path)).status_code == 403
    for path in ("email/", "email/check/", "email/preview/"):
        assert reader.post(address(contact, path), written(step="send")).status_code == 403
    elsewhere = ContactFactory.create(contact_list=ContactListFactory.create())
    assert site.get(address(elsewhere)).status_code == 404


def test_the_pages_take_few_statements(
    site: Client, contact: Contact, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for path, most in (("", 6), ("email/", 12)):
        with django_assert_max_num_queries(most):
            site.get(address(contact, path))
    with django_assert_max_num_queries(10):
        site.post(f"{address(contact)}check/", written())
