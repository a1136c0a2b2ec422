"""Made-up subscriptions: as the verbs would have left them."""

import datetime

import pytest

from activity.catalogue import Channel
from contacts.models import Contact
from contacts.seeding.adding import add_demo, add_people
from contacts.seeding.demo import EVERYTHING
from subscriptions.facts import Blacklist, Fact, State
from subscriptions.models import BlacklistEntry, ConsentRecord, OptOut, Subscription
from subscriptions.policy import can_receive
from subscriptions.standing import standing_of

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)


def agree() -> None:
    """Every state is what the contact's last record says."""
    for row in Subscription.objects.select_related("contact"):
        last = ConsentRecord.objects.filter(contact=row.contact_id, fact=row.channel).latest("at", "id")
        assert (last.after, last.at) == (State(row.state).name.lower(), row.since)
        assert row.contact.added_at <= row.since <= NOW
    for contact in Contact.objects.filter(is_active=False):
        assert ConsentRecord.objects.filter(contact=contact, fact=Fact.ACTIVE, after="inactive").exists()


def test_a_crowd_has_every_state() -> None:
    add_people(count=60, seed=1, now=NOW, report=lambda _added: None)
    agree()
    first = set(Subscription.objects.values_list("pk", flat=True))
    add_people(count=60, seed=2, now=NOW, report=lambda _added: None)
    agree()
    added = Subscription.objects.exclude(pk__in=first)
    assert added.exists()
    assert not added.filter(contact__subscriptions__in=first).exists(), "who was there before stays as they were"
    gone = Subscription.objects.filter(state=State.UNSUBSCRIBED, channel__in=[Channel.EMAIL, Channel.SMS])
    assert 0 < OptOut.objects.filter(channel__in=[Channel.EMAIL, Channel.SMS]).count() <= gone.count()
    for channel in (Channel.EMAIL, Channel.SMS, Channel.VIBER):
        assert 0 < can_receive(Contact.objects.all(), channel).count() < Contact.objects.count()


def test_the_demo_account_shows_a_bit_of_all() -> None:
    add_demo(now=NOW)
    agree()
    standing = standing_of(Contact.objects.get(user_id=EVERYTHING))
    assert {standing.channels[channel].state for channel in standing.channels} == set(State)
    assert list(standing.listed) == [Blacklist.PHONE]
    assert set(BlacklistEntry.objects.values_list("kind", flat=True)) == set(Blacklist)
