"""The profile page and its tabs."""

import datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity.audit import Actor
from contacts.editables import editable
from contacts.editing import edit
from contacts.models import Contact, ContactList
from tests.factories import ContactFactory, ContactListFactory, SourceFactory, VariableFactory

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def text(site: Client, contact: Contact, tab: str = "") -> str:
    response = site.get(f"{contact.get_absolute_url()}{tab}")
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def test_all_that_is_known_of_a_person_is_there(site: Client) -> None:
    contact = ContactFactory.create(
        user_id="client-7",
        email="olga@xn--80aikifvh.xn--j1amh",
        phone="+380671234567",
        first_name="Ольга",
        last_name="Петренко",
        birthday=datetime.date(1990, 5, 6),
        gender=2,
        language="uk",
        source=SourceFactory.create(name="Autumn fair"),
        timezone="Europe/Kyiv",
        score=-12,
        is_active=False,
        avatar_url="https://pictures.example.com/olga.png",
        added_at=NOON - datetime.timedelta(days=200),
        added_via="api",
        updated_at=NOON - datetime.timedelta(hours=3),
        updated_via="import",
    )
    with time_machine.travel(NOON, tick=False):
        page = text(site, contact)
    for shown in (
        "Ольга Петренко",
        "client-7",
        "olga@приклад.укр",
        "+380 67 123 4567",
        "1990-05-06",
        "36 years",
        "Female",
        "Ukrainian",
        "Autumn fair",
        "+02:00",
        "Inactive",
        "-12",
        'src="https://pictures.example.com/olga.png"',
        "by the API",
        "by import",
        "3 hours ago",
        "Default Contact List",
    ):
        assert shown in page
    assert "2:00 p.m." in page or "14:00" in page, "their local time"


def test_a_person_of_whom_little_is_known(site: Client) -> None:
    page = text(site, ContactFactory.create(email=None, user_id="u-1"))
    assert "not known" in page
    assert "Not known" in page, "as the standard calls an unknown gender"
    assert "None" not in page


@pytest.mark.parametrize("tab", ["", "variables/"])
def test_a_contact_of_another_list_has_no_profile_and_the_page_says_why(tab: str, site: Client) -> None:
    other = ContactFactory.create(contact_list=ContactListFactory.create(name="Partners <b>"))
    response = site.get(f"/contacts/{other.pk}/{tab}")
    assert response.status_code == 404
    page = response.content.decode()
    assert "This contact is on the list “Partners &lt;b&gt;”." in page
    assert "Only contacts of the Default Contact List have a profile." in page


@pytest.mark.parametrize("tab", ["", "variables/"])
def test_a_contact_that_is_not_there_is_explained(tab: str, site: Client) -> None:
    for number in ("999", "9" * 18, "9" * 40):
        response = site.get(f"/contacts/{number}/{tab}")
        assert response.status_code == 404
        assert "It may have been deleted." in response.content.decode()


@pytest.mark.parametrize("address", ["/contacts/olga@example.com/", "/contacts/-1/", "/contacts/1.5/", "/nothing/"])
def test_an_address_that_is_none_is_a_page_too(address: str, site: Client) -> None:
    response = site.get(address)
    assert response.status_code == 404
    page = response.content.decode()
    assert "There is nothing at this address" in page
    assert "Resolver404" not in page
    assert "olga" not in page


def test_values_are_shown_as_text_whatever_they_hold(site: Client) -> None:
    contact = ContactFactory.create(
        first_name="<script>alert(1)</script>", last_name="\"'&", user_id="<img src=x onerror=alert(1)>"
    )
    page = text(site, contact)
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_pages_allow_no_foreign_script(site: Client) -> None:
    policy = site.get("/contacts/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_profile_only_reads(site: Client) -> None:
    address = ContactFactory.create().get_absolute_url()
    assert site.head(address).status_code == 200
    assert site.post(address).status_code == 405


def test_what_was_changed_last_takes_no_statement_more(
    site: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    contact = ContactFactory.create()
    VariableFactory.create(name="city", label="Home town")
    for name in ("firstName", "city"):
        value = editable(name)
        assert value
        edit(contact, value=value, text="Lviv", seen=None, actor=Actor())
        with django_assert_num_queries(6):
            text(site, contact)
    assert "Home town" in text(site, contact)


def test_they_ask_the_database_equally_often_whatever_there_is(
    site: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    poor, rich = ContactFactory.create(), ContactFactory.create(source=SourceFactory.create())
    for _round in range(2):
        for contact in (poor, rich):
            with django_assert_num_queries(6):
                text(site, contact)
        VariableFactory.create_batch(30)
        ContactFactory.create_batch(10, contact_list=ContactList.default())
