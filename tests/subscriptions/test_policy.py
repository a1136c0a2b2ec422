"""The one predicate: what it says of each fact, and that lists, pages and gates agree."""

import pytest
from pytest_django import DjangoAssertNumQueries

from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel
from contacts.models import Contact
from subscriptions import blacklists
from subscriptions.activation import activate, deactivate
from subscriptions.facts import BLACKLISTS, LISTED, REASONS, Door, Reason
from subscriptions.models import BlacklistEntry
from subscriptions.policy import Closed, can_receive, verdicts
from tests.factories import ContactFactory
from tests.subscriptions.consent import ASKED, closed, opt_in, subscribe, unsubscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact() -> Contact:
    """Subscribed to everything."""
    contact = ContactFactory.create(phone="+380671234567")
    for channel in MESSAGE_CHANNELS:
        opt_in(contact, channel)
    return contact


def receives(contact: Contact, channel: Channel) -> bool:
    return can_receive(Contact.objects.filter(pk=contact.pk), channel).exists()


def blacklist(contact: Contact, channel: Channel) -> None:
    kind = BLACKLISTS[channel]
    address = getattr(contact, LISTED[kind])
    blacklists.add(kind=kind, address=address, reason=Reason.MANUAL, actor=Actor(), door=Door.ADMIN)


@pytest.mark.parametrize("channel", MESSAGE_CHANNELS)
class TestChannels:
    def test_are_open_to_who_is_subscribed_and_has_an_address(self, contact: Contact, channel: Channel) -> None:
        assert verdicts(contact.pk)[channel].is_open
        assert receives(contact, channel)

    def test_are_closed_to_who_was_never_subscribed(self, channel: Channel) -> None:
        contact = ContactFactory.create(phone="+380671234568")
        assert Closed.NEVER_SUBSCRIBED in closed(contact, channel)
        assert not receives(contact, channel)

    def test_are_closed_to_who_opted_out(self, contact: Contact, channel: Channel) -> None:
        unsubscribe(contact, channel)
        assert closed(contact, channel) == [Closed.UNSUBSCRIBED]
        assert not receives(contact, channel)
        subscribe(contact, channel, **ASKED)
        assert receives(contact, channel)

    def test_are_closed_to_who_is_not_active(self, contact: Contact, channel: Channel) -> None:
        deactivate(contact=contact, actor=Actor(), door=Door.PAGE)
        assert closed(contact, channel) == [Closed.INACTIVE]
        assert not receives(contact, channel)
        activate(contact=contact, actor=Actor(), door=Door.PAGE)
        assert receives(contact, channel)

    def test_are_closed_to_who_is_erased(self, contact: Contact, channel: Channel) -> None:
        missing = contact.pk + 1
        assert not can_receive(Contact.objects.filter(pk=missing), channel).exists()
        with pytest.raises(Contact.DoesNotExist):
            verdicts(missing)


@pytest.mark.parametrize("channel", BLACKLISTS)
def test_a_blacklist_closes_its_own_channel_alone(contact: Contact, channel: Channel) -> None:
    blacklist(contact, channel)
    assert [each for each in MESSAGE_CHANNELS if not receives(contact, each)] == [channel]
    assert closed(contact, channel) == [Closed.BLACKLISTED]


@pytest.mark.parametrize("channel", BLACKLISTS)
def test_without_an_address_nothing_can_be_sent(contact: Contact, channel: Channel) -> None:
    Contact.objects.filter(pk=contact.pk).update(user_id="u-1", email=None, phone=None)
    assert closed(contact, channel) == [Closed.NO_ADDRESS]
    assert not receives(contact, channel)


@pytest.mark.parametrize("channel", sorted(set(MESSAGE_CHANNELS) - set(BLACKLISTS)))
def test_a_channel_that_gave_no_address_is_closed(channel: Channel) -> None:
    contact = ContactFactory.create()
    opt_in(contact, channel, address="")
    assert closed(contact, channel) == [Closed.NO_ADDRESS]


def test_every_reason_is_told_the_first_to_mend_first(contact: Contact) -> None:
    blacklist(contact, Channel.EMAIL)
    unsubscribe(contact)
    deactivate(contact=contact, actor=Actor(), door=Door.PAGE)
    verdict = verdicts(contact.pk)[Channel.EMAIL]
    assert list(verdict.reasons) == [Closed.INACTIVE, Closed.BLACKLISTED, Closed.UNSUBSCRIBED]


def test_the_gate_stands_in_the_where_of_a_claim(contact: Contact) -> None:
    unsubscribe(contact)
    gate = can_receive(Contact.objects.all(), Channel.EMAIL)
    assert Contact.objects.filter(pk__in=gate.values("pk")).update(score=1) == 0
    gate = can_receive(Contact.objects.all(), Channel.SMS)
    assert Contact.objects.filter(pk__in=gate.values("pk")).update(score=1) == 1


def test_a_contact_takes_one_statement(contact: Contact, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        verdicts(contact.pk)


class TestBlacklists:
    def test_know_an_address_that_is_no_longer_kept(self, contact: Contact) -> None:
        blacklist(contact, Channel.EMAIL)
        BlacklistEntry.objects.update(address=None)
        assert closed(contact) == [Closed.BLACKLISTED]

    def test_are_of_addresses_whoever_has_them_later(self) -> None:
        blacklists.add(
            kind=BLACKLISTS[Channel.EMAIL],
            address="late@example.com",
            reason=Reason.HARD_BOUNCE,
            actor=Actor(),
            door=Door.PROVIDER,
        )
        contact = ContactFactory.create(email="late@example.com")
        subscribe(contact)
        assert closed(contact) == [Closed.BLACKLISTED]

    def test_have_reasons_for_each(self) -> None:
        assert all(Reason.MANUAL in reasons for reasons in REASONS.values())
