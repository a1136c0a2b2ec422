"""Own tracking: links lead where they led, only ours are followed, and programs are told from people."""

import datetime
import re

import pytest
from django.test import Client
from pytest_django import Settings

from contacts.models import Contact
from messaging.content.render import Rendered
from messaging.delivery.outgoing import keep
from messaging.models import Message, Receipt
from messaging.states import State
from messaging.tracking.machines import is_machine
from messaging.tracking.rewriting import links_in, tracked
from messaging.tracking.tokens import click_urls, open_url
from tests.messaging.messages import launch, now_, statuses

HTML = (
    '<html><body><a href="https://shop.example.com/?a=1&amp;b=2">Shop</a> <a href="mailto:us@example.com">Us</a> '
    '<a href="https://rapport.example/u/1-1.abc/">Leave</a> <a class="x" href="https://shop.example.com/b">B</a></body></html>'
)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MINUTE = datetime.timedelta(minutes=1)


def test_links_lead_by_way_of_this_site_and_leaving_does_not() -> None:
    links = links_in(HTML)
    assert links == ["https://shop.example.com/?a=1&b=2", "https://shop.example.com/b"]

    html = tracked(Rendered(html=HTML), links, 7).html

    assert re.findall(r'href="([^"]*)"', html) == [
        click_urls(7, 2)[0], "mailto:us@example.com", "https://rapport.example/u/1-1.abc/", click_urls(7, 2)[1],
    ]  # fmt: skip
    assert html.endswith(f'<img src="{open_url(7)}" width="1" height="1" alt=""></body></html>')


@pytest.mark.parametrize(
    ("agent", "since", "machine"),
    [
        (BROWSER, MINUTE, False),
        (BROWSER, datetime.timedelta(seconds=1), True),
        ("Mozilla/5.0 (Windows NT 5.1) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", MINUTE, True),
        ("curl/8.5.0", MINUTE, True),
        ("", None, True),
    ],
)
def test_programs_are_told_from_people(agent: str, since: datetime.timedelta | None, machine: bool) -> None:
    assert is_machine(agent, since_sent=since) is machine


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def message(self, contact: Contact, settings: Settings) -> Message:
        settings.SITE_URL = "http://testserver"
        message = launch(contact)
        rendered = keep(contact.pk, Rendered(subject="Hello", html=HTML))
        sent = message.created_at - MINUTE
        Message.objects.update(state=State.SENT, provider="smtp", rendered=rendered, sent_at=sent)
        return message

    def test_a_look_is_an_opening_once_a_minute(self, message: Message) -> None:
        for _twice in range(2):
            answer = Client().get(open_url(message.pk), headers={"User-Agent": BROWSER})
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/gif")

        assert (now_(message).state, statuses(message)) == (State.DELIVERED, ["open"])

    def test_a_click_leads_on_and_programs_are_marked(self, message: Message) -> None:
        answer = Client().get(click_urls(message.pk, 1)[0], headers={"User-Agent": "Barracuda"})

        assert answer.headers["Location"] == "https://shop.example.com/?a=1&b=2"
        assert Receipt.objects.get().details.keys() >= {"url", "machine"}
        assert statuses(message) == ["click"]

    def test_nobody_can_make_a_link(self, message: Message) -> None:
        good, _second, beyond = click_urls(message.pk, 3)
        for url in (beyond, good.replace("/1/", "x/1/"), click_urls(message.pk + 1, 1)[0]):
            assert Client().get(url).status_code == 404
        assert Client().get(open_url(message.pk).replace(str(message.pk), "99999", 1)).status_code == 200
        assert Receipt.objects.count() == 0
