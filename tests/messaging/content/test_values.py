"""What Liquid finds under the names of a contact's variables."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from activity.catalogue import Channel
from contacts.models import ContactList
from messaging.content.content import Content
from messaging.content.render import render
from messaging.content.values import contact_with_values, known_names, values_of
from subscriptions.links import Link
from tests.factories import AccountVariableFactory, ContactFactory, VariableFactory

pytestmark = pytest.mark.django_db


def written(body: str, contact_id: int) -> str:
    return render(Content(Channel.SMS, body), contact_id).text


def test_values_are_written_as_people_would() -> None:
    VariableFactory.create(name="price", type="number")
    VariableFactory.create(name="orders", type="number")
    added = datetime.datetime(2026, 3, 4, 5, 6, 7, tzinfo=datetime.UTC)
    values = {"price": Decimal("10.50"), "orders": Decimal(3)}
    contact = ContactFactory.create(first_name="Olena", variables=values, added_at=added)
    assert written("{{ price }} {{ orders }} {{ addedAt }} {{ gender }}", contact.pk) == "10.50 3 2026-03-04 05:06 0"
    assert written("{{ price | times: orders }}", contact.pk) == "31.5"


@pytest.mark.parametrize(("zone", "told"), [("Europe/Kyiv", "01:30 1"), ("+05:30", "05:00 5"), ("", "23:30 23")])
def test_times_are_the_contacts_own_whoever_looks(zone: str, told: str) -> None:
    at = datetime.datetime(2026, 3, 4, 23, 30, tzinfo=datetime.UTC)
    contact = ContactFactory.create(timezone=zone, added_at=at)
    with timezone.override("Asia/Tokyo"), time_machine.travel(at, tick=False):
        text = written("{{ addedAt | date: '%H:%M' }} {{ 'now' | date: '%-H' }}", contact.pk)
    assert text == told


def test_who_has_no_page_to_unsubscribe_on_uses_ours() -> None:
    contact = ContactFactory.create()
    link = Link(contact.pk, Channel.SMS).url
    assert written("{{ unSubscribeUrl }}", contact.pk) == link
    ContactList.objects.update(unsubscribe_url="https://own.example/leave")
    assert written("{{ unSubscribeUrl }}", contact.pk) == "https://own.example/leave"


def test_an_archived_variable_is_known_to_what_was_written_and_not_to_what_is_new(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    VariableFactory.create(name="size", archived_at=now())
    AccountVariableFactory.create(name="phoneOfShop", value="1")
    contact = ContactFactory.create()
    assert written("a{{ size }}{{ phoneOfShop }}", contact.pk) == "a1"
    assert "size" not in known_names()
    assert "phoneOfShop" in known_names()
    with django_assert_num_queries(3):
        values_of(contact_with_values(contact.pk), Channel.SMS)
