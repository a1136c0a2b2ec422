"""Unsubscribe links: looking changes nothing, leaving takes one POST without a cookie, and nobody can make one up."""

import logging

import pytest
from django.conf import settings
from django.test import Client

from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel
from activity.erasure import erasing
from contacts.models import Contact, ContactList
from subscriptions import blacklists
from subscriptions.activation import deactivate
from subscriptions.consent import state_of
from subscriptions.facts import Blacklist, Door, Reason, State
from subscriptions.links import Link
from subscriptions.models import BlacklistEntry, ConsentRecord, Subscription
from subscriptions.policy import Closed
from tests.factories import ContactFactory
from tests.subscriptions.consent import closed, opt_in, subscribe, unsubscribe

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def browser() -> Client:
    """Somebody's who has not signed in; forms without a token are refused, where that is asked for."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def contact() -> Contact:
    contact = ContactFactory.create(phone="+380671234567")
    subscribe(contact)
    subscribe(contact, Channel.SMS)
    return contact


def address(contact: Contact, channel: Channel = Channel.EMAIL) -> str:
    return Link(contact.pk, channel).url.removeprefix(settings.SITE_URL)


def state(contact: Contact, channel: Channel = Channel.EMAIL) -> State:
    return state_of(contact, channel)[0]


class TestLooking:
    def test_says_what_somebody_gets_and_sets_no_cookie(self, browser: Client, contact: Contact) -> None:
        ContactList.objects.update(company_name="Bereh Boots")
        response = browser.get(address(contact))
        html = response.content.decode()
        for words in ("Bereh Boots", "<li>Email</li><li>SMS</li>", "No more Email", "No more messages at all"):
            assert words in html
        assert str(contact.email) not in html
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_changes_nothing(self, browser: Client, contact: Contact, method: str) -> None:
        before = ConsentRecord.objects.count()
        assert getattr(browser, method)(f"{address(contact)}?wish=leave&List-Unsubscribe=One-Click").status_code == 200
        assert state(contact) is State.SUBSCRIBED
        assert ConsentRecord.objects.count() == before

    @pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: f"9{t}", lambda t: "1-1", lambda t: "1-1.x" * 50])
    def test_a_link_that_nobody_has_signed_leads_nowhere(
        self, browser: Client, contact: Contact, change: object
    ) -> None:
        token = address(contact).split("/")[2]
        made_up = f"/u/{change(token)}/"  # type: ignore[operator]
        for response in (browser.get(made_up), browser.post(made_up, ONE_CLICK)):
            assert response.status_code == 404
            assert "This link is not whole." in response.content.decode()
        assert state(contact) is State.SUBSCRIBED

    def test_of_who_was_erased_says_so(self, browser: Client, contact: Contact) -> None:
        where = address(contact)
        with erasing():
            contact.delete()
        for response in (browser.get(where), browser.post(where, ONE_CLICK)):
            assert response.status_code == 410
            assert "nothing of you is kept any more" in response.content.decode()

    def test_the_log_does_not_have_the_link(
        self, browser: Client, contact: Contact, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.INFO):
            browser.get(address(contact))
        assert "/u/…" in caplog.text
        assert address(contact).split("/")[2] not in caplog.text


class TestLeaving:
    def test_one_channel(self, browser: Client, contact: Contact) -> None:
        response = browser.post(address(contact), {"wish": "leave"}, follow=True, REMOTE_ADDR="192.0.2.9")
        assert "You get no messages by Email any more." in response.content.decode()
        assert (state(contact), state(contact, Channel.SMS)) == (State.UNSUBSCRIBED, State.SUBSCRIBED)
        record = ConsentRecord.objects.latest("id")
        assert (record.by, record.door, record.ip) == ("the recipient", Door.LINK, "192.0.2.9")
        assert not BlacklistEntry.objects.exists()
        assert not response.cookies

    def test_everything(self, browser: Client, contact: Contact) -> None:
        response = browser.post(address(contact), {"wish": "leave-all"}, follow=True)
        assert "You get no messages from us." in response.content.decode()
        assert {state(contact, channel) for channel in MESSAGE_CHANNELS} == {State.UNSUBSCRIBED}

    def test_twice_is_once(self, browser: Client, contact: Contact) -> None:
        for _again in range(2):
            browser.post(address(contact), {"wish": "leave"})
        assert ConsentRecord.objects.filter(after="unsubscribed").count() == 1

    def test_and_coming_back(self, browser: Client, contact: Contact) -> None:
        page = browser.post(address(contact), {"wish": "leave"}, follow=True).content.decode()
        assert "Get Email again" in page
        browser.post(address(contact), {"wish": "back"})
        assert state(contact) is State.SUBSCRIBED
        record = ConsentRecord.objects.latest("id")
        assert (record.door, record.evidence["wording"]) == (Door.LINK, "Get Email again")

    def test_coming_back_is_not_offered_to_who_never_was_there(self, browser: Client, contact: Contact) -> None:
        unsubscribe(contact, Channel.VIBER)
        assert "again" not in browser.get(address(contact, Channel.VIBER)).content.decode()
        browser.post(address(contact, Channel.VIBER), {"wish": "back"})
        assert state(contact, Channel.VIBER) is State.UNSUBSCRIBED

    def test_works_for_who_is_deactivated(self, browser: Client, contact: Contact) -> None:
        deactivate(contact=contact, actor=Actor(), door=Door.PAGE)
        browser.post(address(contact), {"wish": "leave"})
        assert state(contact) is State.UNSUBSCRIBED

    @pytest.mark.parametrize("wish", ["", "everything", "LEAVE"])
    def test_no_other_wish_is_granted(self, browser: Client, contact: Contact, wish: str) -> None:
        before = ConsentRecord.objects.count()
        browser.post(address(contact), {"wish": wish})
        assert ConsentRecord.objects.count() == before


class TestOneClick:
    def test_leaves_and_lists_the_address_at_once(self, browser: Client, contact: Contact) -> None:
        response = browser.post(address(contact), ONE_CLICK)
        assert (response.status_code, response.content) == (200, b"Unsubscribed.")
        assert closed(contact) == [Closed.BLACKLISTED, Closed.UNSUBSCRIBED]
        entry = BlacklistEntry.objects.get()
        assert (entry.kind, entry.reason, entry.door) == (Blacklist.EMAIL, Reason.LIST_UNSUBSCRIBE, Door.LINK)
        assert "To be taken off it, ask us." in browser.get(address(contact)).content.decode()

    def test_comes_as_programs_send_it(self, browser: Client, contact: Contact) -> None:
        """RFC 8058, section 3.1, also as multipart."""
        browser.post(address(contact), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert state(contact) is State.UNSUBSCRIBED

    def test_twice_is_once(self, browser: Client, contact: Contact) -> None:
        assert {browser.post(address(contact), ONE_CLICK).status_code for _again in range(2)} == {200}
        assert BlacklistEntry.objects.count() == 1

    def test_of_a_channel_without_addresses_lists_nothing(self, browser: Client, contact: Contact) -> None:
        opt_in(contact, Channel.TELEGRAM)
        browser.post(address(contact, Channel.TELEGRAM), ONE_CLICK)
        assert Subscription.objects.get(channel=Channel.TELEGRAM).state == State.UNSUBSCRIBED
        assert not BlacklistEntry.objects.exists()


def test_a_listed_address_is_not_offered_to_come_back(browser: Client, contact: Contact) -> None:
    blacklists.add(
        kind=Blacklist.EMAIL, address=contact.email or "", reason=Reason.COMPLAINT, actor=Actor(), door=Door.PROVIDER
    )
    unsubscribe(contact)
    assert "Get Email again" not in browser.get(address(contact)).content.decode()


@pytest.mark.parametrize("language", ["", "uk", "xx", "en"])
def test_the_page_is_in_a_language_that_there_is(browser: Client, contact: Contact, language: str) -> None:
    Contact.objects.filter(pk=contact.pk).update(language=language)
    assert '<html lang="en"' in browser.get(address(contact)).content.decode()
