"""The Subscriptions panel: what it says, and the way to change it, by whom the table of roles allows."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel
from config.models import User
from contacts.models import Contact
from subscriptions import blacklists
from subscriptions.activation import deactivate
from subscriptions.consent import state_of
from subscriptions.facts import Blacklist, Door, Reason, State
from subscriptions.models import ConsentRecord
from tests.factories import ContactFactory, ContactListFactory
from tests.subscriptions.consent import ASKED, opt_in, subscribe, unsubscribe

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}
PROOF: dict[str, Any] = {"reason": "Wants news", "source": "Call", "day": "2026-11-01", "wording": "Write to me again"}


@pytest.fixture
def contact() -> Contact:
    return ContactFactory.create(phone="+380671234567")


def address(contact: Contact, channel: Channel = Channel.EMAIL) -> str:
    return f"/contacts/{contact.pk}/subscriptions/{channel.slug}/"


def page(site: Client, contact: Contact) -> str:
    return str(site.get(contact.get_absolute_url()).content.decode())


def panel(site: Client, contact: Contact) -> str:
    return " ".join(site.get(f"/contacts/{contact.pk}/subscriptions/", **HTMX).content.decode().split())


def change(site: Client, contact: Contact, channel: Channel = Channel.EMAIL, **written: str) -> Any:
    """Sends the form that the page shows, filled in."""
    form = site.get(address(contact, channel)).context["form"]
    return site.post(address(contact, channel), {**form.initial, **written})


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def state(contact: Contact, channel: Channel = Channel.EMAIL) -> State:
    return state_of(contact, channel)[0]


class TestThePanel:
    def test_says_of_each_channel_whether_it_can_be_sent(self, site: Client, contact: Contact) -> None:
        subscribe(contact, actor=Actor(name="marta"))
        html = panel(site, contact)
        assert "Can be sent · Subscribed " in html
        assert " by marta" in html
        assert html.count("Never subscribed.") == len(MESSAGE_CHANNELS) - 1
        assert "To send: the person subscribes by Telegram itself." in html
        assert "To send: subscribe the contact." in html

    def test_says_all_that_closes_a_channel_and_what_would_open_it(self, site: Client, contact: Contact) -> None:
        subscribe(contact)
        unsubscribe(contact, actor=Actor(name="marta"))
        deactivate(contact=contact, actor=Actor(name="andrii"), door=Door.PAGE)
        blacklists.add(
            kind=Blacklist.EMAIL, address=contact.email or "", reason=Reason.COMPLAINT, actor=Actor(), door=Door.ADMIN
        )
        html = panel(site, contact)
        places = [html.index(words) for words in ("Deactivated ", "On the Email Black List since ", "Unsubscribed ")]
        assert places == sorted(places)
        assert "(Complaint)." in html
        assert (
            "To send: activate the contact, then remove the address from the black list, then subscribe them again "
            "once they ask for it."
        ) in html

    def test_links_an_opt_out_to_its_record(self, site: Client, contact: Contact) -> None:
        unsubscribe(contact)
        record = ConsentRecord.objects.get()
        assert f'href="/contacts/{contact.pk}/consent/#record-{record.pk}"' in panel(site, contact)
        assert f'id="record-{record.pk}"' in site.get(f"/contacts/{contact.pk}/consent/").content.decode()

    def test_knows_an_opt_out_of_whoever_had_the_address(self, site: Client, contact: Contact) -> None:
        unsubscribe(ContactFactory.create(email=contact.email, contact_list=ContactListFactory.create()))
        assert "Whoever has this address has opted out." in panel(site, contact)

    def test_without_addresses_says_so(self, site: Client) -> None:
        html = panel(site, ContactFactory.create(email=None, user_id="u-1"))
        assert "There is no email." in html
        assert "To send: add a phone number, then subscribe the contact." in html

    def test_labels_show_the_blacklists(self, site: Client, contact: Contact) -> None:
        assert "Viber Black List</span>" not in page(site, contact)
        blacklists.add(
            kind=Blacklist.VIBER, address=contact.phone or "", reason=Reason.SPAM, actor=Actor(), door=Door.ADMIN
        )
        assert 'label-bad">Viber Black List</span>' in page(site, contact)

    def test_without_htmx_is_the_profile(self, site: Client, contact: Contact) -> None:
        response = site.get(f"/contacts/{contact.pk}/subscriptions/")
        assert response.headers["Location"] == contact.get_absolute_url()

    def test_takes_one_statement(
        self, site: Client, contact: Contact, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        panel(site, contact)
        for channel in MESSAGE_CHANNELS:
            with django_assert_num_queries(4):  # the session, the user, the contact, and this one
                site.get(f"/contacts/{contact.pk}/subscriptions/", **HTMX)
            opt_in(contact, channel)


class TestChanging:
    def test_subscribes_and_unsubscribes(self, site: Client, marketer: User, contact: Contact) -> None:
        response = change(site, contact, reason="At the fair")
        assert (response.status_code, said(response)) == (302, ["Email is subscribed."])
        assert state(contact) is State.SUBSCRIBED
        record = ConsentRecord.objects.get()
        assert (record.user_id, record.ip, record.reason) == (marketer.pk, "127.0.0.1", "At the fair")
        assert said(change(site, contact)) == ["Email is unsubscribed."]
        assert state(contact) is State.UNSUBSCRIBED

    def test_a_form_sent_twice_changes_once(self, site: Client, contact: Contact) -> None:
        form = site.get(address(contact)).context["form"].initial
        answers = [said(site.post(address(contact), form)) for _again in range(2)]
        assert answers[1][-1] == "Email was subscribed already."
        assert ConsentRecord.objects.count() == 1

    @pytest.mark.parametrize("missing", list(PROOF))
    def test_who_opted_out_needs_a_reason_and_proof(self, site: Client, contact: Contact, missing: str) -> None:
        unsubscribe(contact)
        response = change(site, contact, **PROOF | {missing: " "})
        assert list(response.context["form"].errors) == [missing]
        assert state(contact) is State.UNSUBSCRIBED
        assert response.context["form"]["wording"].value() == (" " if missing == "wording" else PROOF["wording"])

    def test_the_proof_is_kept(self, site: Client, contact: Contact) -> None:
        unsubscribe(contact)
        assert "This person has opted out of Email." in site.get(address(contact)).content.decode()
        assert said(change(site, contact, **PROOF)) == ["Email is subscribed."]
        evidence = ConsentRecord.objects.latest("id").evidence
        assert (evidence["source"], evidence["wording"]) == ("Call", "Write to me again")

    def test_nobody_has_asked_tomorrow(self, site: Client, contact: Contact) -> None:
        unsubscribe(contact)
        tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=2)
        response = change(site, contact, **PROOF | {"day": tomorrow.isoformat()})
        assert response.context["form"].errors["day"] == ["This day is yet to come."]

    def test_an_opt_out_meanwhile_is_not_undone(self, site: Client, contact: Contact) -> None:
        form = site.get(address(contact)).context["form"].initial
        unsubscribe(contact)
        response = site.post(address(contact), form | {"reason": "At the fair"})
        assert response.status_code == 200
        html = response.content.decode()
        assert "opted out of Email" in html
        assert "At the fair" in html
        assert state(contact) is State.UNSUBSCRIBED

    def test_whoever_saw_something_else_looks_again(self, site: Client, contact: Contact) -> None:
        unsubscribe(contact)
        form = site.get(address(contact)).context["form"].initial
        subscribe(contact, **ASKED)
        unsubscribe(contact)
        response = site.post(address(contact), form | PROOF)
        assert "Somebody else has changed this meanwhile." in response.content.decode()
        assert state(contact) is State.UNSUBSCRIBED
        again = response.context["form"]
        assert again["seen"].value() == str(ConsentRecord.objects.latest("id").pk)

    def test_what_the_person_begins_has_no_switch(self, site: Client, contact: Contact) -> None:
        assert address(contact, Channel.VIBER) not in panel(site, contact)
        response = change(site, contact, Channel.VIBER)
        assert "Viber begins with the person" in response.content.decode()
        assert state(contact, Channel.VIBER) is State.NEVER
        opt_in(contact, Channel.VIBER)
        assert address(contact, Channel.VIBER) in panel(site, contact)
        assert said(change(site, contact, Channel.VIBER)) == ["Viber is unsubscribed."]

    def test_support_reads_and_cannot_change(
        self, signed_in: Callable[[User], Client], support: User, contact: Contact
    ) -> None:
        site = signed_in(support)
        assert "Never subscribed." in panel(site, contact)
        assert address(contact) not in page(site, contact)
        assert site.get(address(contact)).status_code == 403
        assert site.post(address(contact), {"to": "subscribed"}).status_code == 403
        assert not ConsentRecord.objects.exists()

    def test_in_the_page_the_answer_has_all_that_tells_of_it(self, site: Client, contact: Contact) -> None:
        html = site.get(address(contact), **HTMX).content.decode()
        assert html.lstrip().startswith('<section class="card" id="subscriptions"')
        assert "hx-post=" in html
        html = site.post(address(contact), {"to": "subscribed", "seen": "0"}, **HTMX).content.decode()
        assert html.count("hx-swap-oob") == 3
        assert "Email is subscribed." in html
        assert "Can be sent" in html

    def test_nonsense_is_answered_in_words(self, site: Client, contact: Contact) -> None:
        assert site.get(f"/contacts/{contact.pk}/subscriptions/pigeon/").status_code == 404
        for to in ("", "married"):
            response = site.post(address(contact), {"to": to})
            assert "The form has come back spoilt." in response.content.decode()
        assert site.post(address(contact), {"to": "subscribed", "seen": "x"}).status_code == 200
        elsewhere = ContactFactory.create(contact_list=ContactListFactory.create())
        assert site.get(address(elsewhere)).status_code == 404


class TestTheHistory:
    def test_tells_everything_of_a_change(self, site: Client, contact: Contact) -> None:
        unsubscribe(contact)
        subscribe(contact, actor=Actor(name="marta", ip="192.0.2.7"), **ASKED)
        html = " ".join(site.get(f"/contacts/{contact.pk}/consent/").content.decode().split())
        for words in ("Email subscription", "Never subscribed", "192.0.2.7", "<bdi>marta</bdi> through the profile"):
            assert words in html
        assert html.index("<strong>Subscribed</strong>") < html.index("<strong>Unsubscribed</strong>")
        assert "Consent given on 2026-11-01: <bdi>Letter to support</bdi>" in html
        assert '<q dir="auto">Please send me your letters again.</q>' in html

    def test_has_pages(self, site: Client, contact: Contact) -> None:
        for _again in range(26):
            subscribe(contact, **ASKED)
            unsubscribe(contact)
        first = site.get(f"/contacts/{contact.pk}/consent/")
        assert len(first.context["records"]) == 50
        second = site.get(f"/contacts/{contact.pk}/consent/?before={first.context['older']}")
        assert [record.before for record in second.context["records"]] == ["subscribed", "never"]
        for nonsense in ("x", "9" * 40, "٣", "-1"):
            assert len(site.get(f"/contacts/{contact.pk}/consent/?before={nonsense}").context["records"]) == 50

    def test_is_empty_in_words(self, site: Client, contact: Contact) -> None:
        assert "Nothing has changed yet" in site.get(f"/contacts/{contact.pk}/consent/").content.decode()
