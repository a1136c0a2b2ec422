"""Made-up subscriptions: as the verbs would have left them."""

import datetime

import pytest
from django.db import connection

from activity.catalogue import Channel
from contacts.models import Contact, ContactList
from contacts.seeding.adding import add_demo, add_people
from contacts.seeding.demo import EVERYTHING
from subscriptions.facts import Blacklist, Fact, State
from subscriptions.models import BlacklistEntry, ConsentRecord, OptOut, Subscription
from subscriptions.policy import can_receive
from subscriptions.seeding import add_subscriptions
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


def test_who_left_in_the_moment_in_which_they_came_has_left() -> None:
    """Chance has it for one in ten thousand, by their id."""
    drawn = """
        SELECT id FROM generate_series(1, 300000) AS id
        WHERE mod(hashint8extended(id * 8 + 1, 2) & 9223372036854775807, 1000) = 0
            AND mod(hashint8extended(id * 8 + 1, 1) & 9223372036854775807, 10000) BETWEEN 7800 AND 8699
    """
    with connection.cursor() as cursor:
        cursor.execute(drawn)
        ids = [pk for (pk,) in cursor.fetchall()]
    # Among so many others that sorting them stirs them.
    near = sorted({pk + place for pk in ids for place in range(20)}, reverse=True)
    since, of = NOW - datetime.timedelta(days=9), ContactList.default()
    Contact.objects.bulk_create(
        Contact(pk=pk, email=f"{pk}@example.com", added_at=since, contact_list=of) for pk in near
    )

    add_subscriptions(0, NOW)

    agree()
    left = Subscription.objects.filter(channel=Channel.EMAIL, state=State.UNSUBSCRIBED, contact__in=ids)
    assert left.count() == len(ids) > 0


def test_the_demo_account_shows_a_bit_of_all() -> None:
    add_demo(now=NOW)
    agree()
    standing = standing_of(Contact.objects.get(user_id=EVERYTHING))
    assert {standing.channels[channel].state for channel in standing.channels} == set(State)
    assert list(standing.listed) == [Blacklist.PHONE]
    assert set(BlacklistEntry.objects.values_list("kind", flat=True)) == set(Blacklist)
