"""Permission to send in the contact list: who can receive what, and the labels of blacklists."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel
from contacts.models import Contact
from subscriptions import blacklists
from subscriptions.facts import Blacklist, Door, Reason
from subscriptions.listing import marks
from subscriptions.models import BlacklistEntry
from tests.factories import ContactFactory
from tests.subscriptions.consent import opt_in, subscribe, unsubscribe

pytestmark = pytest.mark.django_db


def blacklist(address: str | None, kind: Blacklist = Blacklist.EMAIL) -> None:
    blacklists.add(kind=kind, address=address or "", reason=Reason.MANUAL, actor=Actor(), door=Door.ADMIN)


def listed(site: Client, query: str) -> str:
    return str(site.get(f"/contacts/?{query}").content.decode())


@pytest.mark.parametrize("channel", MESSAGE_CHANNELS)
def test_the_list_narrows_to_who_can_receive(site: Client, channel: Channel) -> None:
    reached = ContactFactory.create(first_name="Reached", phone="+380671234567")
    opt_in(reached, channel)
    left = ContactFactory.create(first_name="Left", phone="+380671234568")
    opt_in(left, channel)
    unsubscribe(left, channel)
    ContactFactory.create(first_name="Never")
    html = listed(site, f"receives={channel.slug}")
    assert "Reached" in html
    assert "1 contact<" in html
    assert "Left" not in html


def test_nonsense_narrows_nothing(site: Client) -> None:
    ContactFactory.create(first_name="Anna")
    assert "Anna" in listed(site, "receives=pigeon")


@pytest.mark.parametrize("nameless", [False, True], ids=["with addresses", "an erased person's address is on it too"])
def test_the_list_narrows_to_who_is_on_a_blacklist(site: Client, nameless: bool) -> None:
    names = ("Olena", "Taras", "Iryna")
    mailed, called, _free = (ContactFactory.create(first_name=name) for name in names)
    Contact.objects.filter(pk=called.pk).update(phone="+380671234567")
    blacklist(mailed.email)
    blacklist("+380671234567", Blacklist.PHONE)
    if nameless:
        BlacklistEntry.objects.update(address=None)
    shown = {
        choice: {name for name in names if name in listed(site, f"blacklisted={choice}")}
        for choice in ("email", "phone", "viber", "any", "none")
    }
    assert shown == {
        "email": {"Olena"}, "phone": {"Taras"}, "viber": set(), "any": {"Olena", "Taras"}, "none": {"Iryna"},
    }  # fmt: skip


def test_labels_name_the_blacklists(site: Client) -> None:
    contact = ContactFactory.create(phone="+380671234567")
    blacklist(contact.email)
    blacklist(contact.phone, Blacklist.VIBER)
    BlacklistEntry.objects.filter(kind=Blacklist.EMAIL).update(address=None)
    html = listed(site, "")
    assert 'label-bad">Email Black List</span>' in html
    assert 'label-bad">Viber Black List</span>' in html
    assert 'label-bad">Phone Black List' not in html


def test_marks_take_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    contacts: list[Contact] = ContactFactory.create_batch(5)
    subscribe(contacts[0])
    for contact in contacts[:3]:
        blacklist(contact.email)
    with django_assert_num_queries(1):
        assert marks(contacts).keys() == {contact.pk for contact in contacts[:3]}
