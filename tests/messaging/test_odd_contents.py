"""Odd contents from launching to the provider: sent as they were written, or rejected with the reason."""

import time

import pytest

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.content.content import Content, Format
from messaging.delivery import work
from messaging.providers.smtp.mail import mail_of
from messaging.states import State
from tests.messaging.conftest import Fake
from tests.messaging.messages import launch, now_, statuses

pytestmark = pytest.mark.django_db

ARABIC, FAMILY = "مرحبا {{ firstName }}! שלום", "👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿"
BOMB = "{% for i in (1..10000) %}" * 2 + "x" + "{% endfor %}" * 2


def mail(body: str, subject: str = "Hello") -> Content:
    return Content(Channel.EMAIL, subject=subject, body=body, format=Format.HTML)


def test_what_is_only_unusual_is_sent(contact: Contact, fake: Fake) -> None:
    large = f"<p dir=rtl>{ARABIC} {FAMILY}</p>" + "<p>Привіт, це довгий лист, абзац за абзацом 👋</p>" * 10_000
    messages = [
        launch(contact, mail(large, subject=f"{ARABIC} {FAMILY}")),
        launch(contact, mail("{% raw %}{{ x | y }}{% endraw %}")),
    ]
    began = time.perf_counter()
    work.deliver(Channel.EMAIL)
    assert time.perf_counter() - began < 20
    assert [now_(each).state for each in messages] == [State.SENT] * 2
    first, second = sorted(fake.given, key=lambda each: each.message_id)
    assert first.rendered.subject == f"مرحبا Olena! שלום {FAMILY}"
    assert first.rendered.text.startswith(f"مرحبا Olena! שלום {FAMILY}\n\nПривіт")
    assert mail_of(first)
    assert second.rendered.text == "{{ x | y }}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (mail("{{ x | y }}"), "There is no filter “y”."),
        (mail("{% %}"), "Nothing stands between"),
        (mail(BOMB), "makes Liquid do too much"),
        (mail("x", subject="a\r\nBcc: all@example.com"), "stand on one line"),
        (mail("x", subject="{{ firstName }}\n"), "stand on one line"),
        (mail("<div>" * 40_000), "tags in this HTML"),
        (Content(Channel.VIBER, "Not approved"), "approved templates only"),
    ],
)
def test_what_cannot_be_sent_is_rejected_with_the_reason(
    contact: Contact, fake: Fake, content: Content, words: str
) -> None:
    message = launch(contact, content)
    work.deliver(content.channel)
    found = now_(message)
    assert (found.state, fake.given) == (State.REJECTED, [])
    assert words in found.words
    assert statuses(message) == ["reject"]
