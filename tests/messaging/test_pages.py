"""Pages of messages: what was sent and what came of it, the Outbox, resending, decisions."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity.audit import Actor
from activity.catalogue import Channel
from config.models import User
from contacts.models import Contact
from messaging.content.content import Content, Format
from messaging.delivery import work
from messaging.models import Message, Receipt, WrittenContent
from messaging.providers.interface import Unknown
from messaging.providers.sandbox.playing import play
from messaging.resending import CannotBeResent, compare, resend
from messaging.states import State
from messaging.tellings import Telling
from tests.factories import EventFactory
from tests.messaging.conftest import Fake
from tests.messaging.messages import launch, now_, statuses
from tests.subscriptions.consent import unsubscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(contact: Contact) -> Message:
    """By the sandbox."""
    message = launch(contact)
    work.deliver(Channel.EMAIL)
    return now_(message)


def test_the_page_tells_what_was_sent_and_each_step_with_its_words(site: Client, sent: Message) -> None:
    play(message=sent, telling=Telling.SOFT, actor=Actor())

    page = site.get(f"/messages/{sent.pk}/")

    text = page.content.decode()
    assert "Hello Olena" in text
    assert "452 4.2.2 Mailbox full" in text
    assert "Kept in the Outbox; nothing has left." in text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert site.get(f"/messages/{sent.pk + 1}/").status_code == 404


def test_the_content_is_shown_where_nothing_of_it_runs(site: Client, sent: Message) -> None:
    page = site.get(f"/messages/{sent.pk}/content/")

    assert "Hello Olena" in page.content.decode()
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert "script-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("telling", [Telling.DELIVERED, Telling.OPENED, Telling.HARD, Telling.UNSUBSCRIBED])
def test_what_comes_back_is_played_by_the_way_of_callbacks(site: Client, sent: Message, telling: Telling) -> None:
    for word in (telling.value, "again"):
        site.post(f"/messages/{sent.pk}/playing/", {"telling": word})

    assert Receipt.objects.filter(message=sent, telling=telling).count() == 1
    assert len(statuses(sent)) == 1


def test_the_outbox_shows_what_would_have_been_sent(
    site: Client, contact: Contact, sent: Message, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(5):
        launch(contact)
    work.deliver(Channel.EMAIL)
    with django_assert_max_num_queries(6):
        page = site.get("/messages/outbox/")
    assert page.content.decode().count("Hello Olena") == 6


class TestResending:
    def test_is_offered_beside_events_of_what_is_kept_to_those_who_may(
        self, site: Client, support: User, signed_in: Callable[[User], Client], sent: Message
    ) -> None:
        play(message=sent, telling=Telling.DELIVERED, actor=Actor())
        EventFactory.create(contact=sent.contact, message_id=sent.pk + 1)  # of a message from elsewhere
        profile = sent.contact.get_absolute_url()

        assert re.findall(r'href="(/messages/\d+/resend/)"', site.get(profile).content.decode()) == [
            f"/messages/{sent.pk}/resend/"
        ]
        assert "/resend/" not in signed_in(support).get(profile).content.decode()

    def test_sends_the_very_content_to_the_present_address(self, site: Client, contact: Contact, sent: Message) -> None:
        Contact.objects.update(first_name="Halyna", email="new@example.com")
        page = site.get(f"/messages/{sent.pk}/resend/").content.decode()
        assert "Hello Halyna" in page
        assert "The address has changed since" in page

        key = "7c4b1f80-3f2b-4d6c-9d0e-0123456789ab"
        answers = [site.post(f"/messages/{sent.pk}/resend/", {"key": key}) for _twice in range(2)]
        work.deliver(Channel.EMAIL)

        new = Message.objects.get(resend_of=sent)
        assert {answer.headers["Location"] for answer in answers} == {f"/messages/{new.pk}/"}
        assert (new.state, new.rendered, new.address, new.origin) == (
            State.SENT, sent.rendered, "new@example.com", sent.origin,
        )  # fmt: skip

    def test_goes_through_every_check(self, contact: Contact, sent: Message) -> None:
        unsubscribe(contact)

        new = resend(message=sent, actor=Actor(), key="1")

        assert (new.state, statuses(new)) == (State.SKIPPED, ["reject"])

    def test_says_that_a_viber_text_is_not_approved_any_more(self, sent: Message) -> None:
        written = {"channel": "viber", "format": "text", "body": "Hi", "template": 1}
        WrittenContent.objects.update(body=written)

        assert "approved templates only" in compare(now_(sent)).refusal

    def test_needs_something_that_was_sent(self, contact: Contact) -> None:
        with pytest.raises(CannotBeResent):
            resend(message=launch(contact), actor=Actor(), key="1")

    def test_is_not_for_everybody(self, support: User, signed_in: Callable[[User], Client], sent: Message) -> None:
        assert signed_in(support).post(f"/messages/{sent.pk}/resend/").status_code == 403
        assert signed_in(support).get(f"/messages/{sent.pk}/").status_code == 200


@pytest.mark.parametrize(("answer", "state", "told"), [("yes", State.SENT, []), ("no", State.FAILED, ["reject"])])
def test_a_doubt_is_closed_by_people(
    site: Client, contact: Contact, fake: Fake, answer: str, state: State, told: list[str]
) -> None:
    fake.say = lambda _outgoing: Unknown("timed out")
    message = launch(contact)
    work.deliver(Channel.EMAIL)
    assert "gave no answer" in site.get(f"/messages/{message.pk}/").content.decode()
    assert "?doubtful" in site.get("/messages/outbox/").content.decode()
    assert message.get_absolute_url() in site.get("/messages/outbox/?doubtful").content.decode()

    for _twice in range(2):
        site.post(f"/messages/{message.pk}/settlement/", {"sent": answer})

    assert (now_(message).state, statuses(message)) == (state, told)


def test_a_waiting_message_can_be_cancelled(site: Client, contact: Contact, fake: Fake) -> None:
    message = launch(contact)
    site.post(f"/messages/{message.pk}/cancellation/")
    assert work.deliver(Channel.EMAIL) == 0
    assert now_(message).state == State.CANCELLED


def test_content_that_cannot_be_made_is_rejected_with_the_reason(contact: Contact, fake: Fake) -> None:
    content = Content(Channel.EMAIL, subject="{{ firstNam }}", body="Hello", format=Format.TEXT)
    message = launch(contact, content)

    work.deliver(Channel.EMAIL)

    assert (now_(message).state, fake.given) == (State.REJECTED, [])
    assert "firstNam" in now_(message).words
