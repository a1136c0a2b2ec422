"""The link by which people come to the bots: for staff on the profile, and the page behind it."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from activity.audit import Actor
from activity.catalogue import Channel
from config.models import User
from contacts.erasure.erase import erase
from messaging.joining import join_link, ways_in
from messaging.providers.joining import contact_of, token_of
from tests.factories import ContactFactory
from tests.subscriptions.consent import opt_in, unsubscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def _bots(settings: Settings) -> None:
    settings.TELEGRAM_BOT, settings.VIBER_BOT = "shop_bot", "shopbot"


@pytest.mark.usefixtures("_bots")
def test_the_page_leads_into_each_bot_as_this_contact(client: Client) -> None:
    contact = ContactFactory.create()
    opt_in(contact, Channel.VIBER, address="u=")
    at = int(time.time()) - 60
    token = token_of(contact.pk, "join", at)

    page = client.get(f"/join/{token}/").content.decode()

    link = ways_in(contact.pk, at)[Channel.TELEGRAM]
    assert link in page  # an old page makes no younger links
    assert contact_of(link.partition("start=")[2], "telegram") == (contact.pk, at)
    assert "viber://" not in page  # there already
    assert "You get our messages by Viber." in page


def test_who_has_no_link_or_nothing_to_join_gets_nothing(client: Client, settings: Settings) -> None:
    contact = ContactFactory.create()
    at = int(time.time())
    token = token_of(contact.pk, "join", at)
    assert client.get(f"/join/{token}/").status_code == 410
    settings.TELEGRAM_BOT = "shop_bot"
    assert client.get(f"/join/{token}/").status_code == 200
    # A word for one of the bots is none for the page, and the other way round.
    assert client.get(f"/join/{token_of(contact.pk, 'telegram', at)}/").status_code == 404
    assert client.get(f"/join/{token_of(contact.pk, 'join', at - 90 * 24 * 3600)}/").status_code == 404
    assert client.get(f"/join/{token}x/").status_code == 404
    assert client.post(f"/join/{token}/").status_code == 405
    unsubscribe(contact, Channel.TELEGRAM)
    assert client.get(f"/join/{token}/").status_code == 410
    assert client.get(f"/join/{token_of(contact.pk, 'join', at + 60)}/").status_code == 200
    erase([contact.pk], actor=Actor())
    assert client.get(f"/join/{token}/").status_code == 410


def test_staff_who_may_subscribe_copy_it_from_the_profile(
    client: Client, site: Client, support: User, signed_in: Callable[[User], Client], settings: Settings
) -> None:
    contact = ContactFactory.create()
    profile = contact.get_absolute_url()
    assert "Join link" not in site.get(profile).content.decode()

    settings.TELEGRAM_BOT = "shop_bot"

    link = join_link(contact)
    shown = site.get(profile).content.decode()
    assert link.rpartition(f"/{contact.pk}-")[0] + f"/{contact.pk}-" in shown
    assert client.get(urlsplit(link).path).status_code == 200
    assert "Join link" not in signed_in(support).get(profile).content.decode()
