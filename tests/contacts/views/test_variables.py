"""The Variables tab."""

import html
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from config.models import User
from config.roles import ADMIN, MARKETER, SUPPORT
from contacts import identity
from contacts.models import Contact, ContactList
from contacts.variable_types import to_json
from tests.factories import AccountVariableFactory, ContactFactory, UserFactory, VariableFactory
from tests.odd_strings import odd_strings

pytestmark = pytest.mark.django_db

ROW = re.compile(r'<tr data-row>\s*<th scope="row">(.*?)</th>\s*<td[^>]*>(.*?)</td>(.*?)</tr>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def address(contact: Contact) -> str:
    return f"/contacts/{contact.pk}/variables/"


def rows(page: str) -> dict[str, tuple[str, str]]:
    """The value of each variable as a browser reads it, and the rest of its row, by label and name as shown."""
    found = {}
    for head, value, rest in ROW.findall(page):
        name, labels, about = head.partition('<span class="labels"')
        shown = re.search(r'<bdi class="lines">(.*)</bdi></span>', value, re.DOTALL)
        found[html.unescape(TAG.sub("", name)).strip()] = (
            html.unescape(shown[1]) if shown else "",
            labels + about + rest,
        )
    return found


def seen(site: Client, contact: Contact, **search: str) -> dict[str, tuple[str, str]]:
    response = site.post(address(contact), search) if search else site.get(address(contact))
    assert response.status_code == 200
    return rows(response.content.decode())


def test_every_variable_is_listed_with_this_contacts_value(site: Client) -> None:
    values: dict[str, Any] = {"astring": "00123", "anumber": Decimal("12345678901234567890.123")}
    values |= {"adate": "2026-11-22", "aboolean": True}
    for name in values:
        VariableFactory.create(name=name, type=name[1:], label=f"The {name}")
    VariableFactory.create(name="nothing", type="number")
    AccountVariableFactory.create(name="supportPhone", value="+380 44 123")
    ContactList.objects.update(company_name="Boots & Sons")

    found = {name: value for name, (value, _rest) in seen(site, ContactFactory.create(variables=values)).items()}

    for name, value in {
        "The astring astring": "00123",
        "The anumber anumber": "12345678901234567890.123",
        "The adate adate": "2026-11-22",
        "The aboolean aboolean": "yes",
        "nothing": "",
        "supportPhone": "+380 44 123",
        "Company name companyName": "Boots & Sons",
        "Name of the list listName": "Default Contact List",
        "Gender gender": "0",
    }.items():
        assert found[name] == value


def test_they_are_in_three_groups(site: Client) -> None:
    VariableFactory.create(name="size")
    AccountVariableFactory.create(name="supportPhone")
    page = site.get(address(ContactFactory.create())).content.decode()
    places = [
        page.index(text)
        for text in (
            "Contact Variables",
            ">firstName<",
            ">size<",
            "Contact List Variables",
            ">companyName<",
            "Account Custom Variables",
            ">supportPhone<",
        )
    ]
    assert places == sorted(places)
    assert "36" not in re.findall(r"role=\"status\">(.*?)<", page)
    assert re.findall(r"role=\"status\">(.*?)<", page) == ["24 variables"]


def test_each_says_how_a_message_writes_it(site: Client) -> None:
    _value, rest = seen(site, ContactFactory.create())["First name firstName"]
    assert "<code>{{ firstName }}</code>" in re.sub("</?span[^>]*>", "", rest)
    assert "String" in rest
    assert "Standard" in rest


@pytest.mark.parametrize("value", [False, Decimal(0)])
def test_no_and_nought_are_values(value: Any, site: Client) -> None:
    VariableFactory.create(name="v", type="boolean")
    assert seen(site, ContactFactory.create(variables={"v": value}))["v"][0] in {"no", "0"}


def test_of_two_with_one_name_each_says_which_one_messages_take(site: Client) -> None:
    VariableFactory.create(name="city", label="Home")
    AccountVariableFactory.create(name="city", label="Shop", value="Kyiv")
    here = seen(site, ContactFactory.create(variables={"city": "Lviv"}))
    assert "Used in messages" in here["Home city"][1]
    assert "Overridden by Contact Variables" in here["Shop city"][1]
    nowhere = seen(site, ContactFactory.create())
    assert "Taken from Account Custom Variables" in nowhere["Home city"][1]
    assert "Used in messages" in nowhere["Shop city"][1]


def test_an_archived_variable_is_shown_only_where_it_has_a_value_and_says_so(site: Client) -> None:
    VariableFactory.create(name="size", archived_at=now())
    has, none = ContactFactory.create(variables={"size": "XL"}), ContactFactory.create()
    assert "Archived" in seen(site, has)["size"][1]
    assert "size" not in seen(site, none)


@pytest.mark.parametrize(
    ("role", "is_staff", "may"),
    [(MARKETER, True, True), (ADMIN, True, True), (SUPPORT, True, False), (MARKETER, False, False)],
)
def test_values_of_list_and_account_lead_to_where_they_are_changed(
    role: str, is_staff: bool, may: bool, signed_in: Callable[[User], Client]
) -> None:
    variable = AccountVariableFactory.create(name="supportPhone")
    site = signed_in(UserFactory.create(role=role, is_staff=is_staff))
    found = seen(site, contact := ContactFactory.create())
    links = {
        "supportPhone": f"/admin/contacts/accountvariable/{variable.pk}/change/",
        "Host host": f"/admin/contacts/contactlist/{contact.contact_list_id}/change/",
    }
    for name, link in links.items():
        assert (f'href="{link}"' in found[name][1]) == may
        assert not may or site.get(link).status_code == 200
    assert "href" not in found["First name firstName"][1]
    page = site.get(address(contact)).content.decode()
    assert ('href="/admin/contacts/accountvariable/add/"' in page) == may


class TestASearch:
    """Without JavaScript; with it, nothing is sent at all."""

    def test_leaves_what_contains_every_word(self, site: Client) -> None:
        VariableFactory.create(name="city", label="Home town")
        contact = ContactFactory.create(first_name="Kyivan", variables={"city": "Київ"})
        assert set(seen(site, contact, q=" КИЇВ ")) == {"Home town city"}
        assert set(seen(site, contact, q="home")) == {"Home town city"}
        assert set(seen(site, contact, q="kyiv")) == {"First name firstName"}
        assert set(seen(site, contact, q="firstname kyiv")) == {"First name firstName"}
        assert len(seen(site, contact, q=" ")) == len(seen(site, contact))

    def test_says_how_many_it_found_and_the_way_back(self, site: Client) -> None:
        page = site.post(address(contact := ContactFactory.create()), {"q": "company"}).content.decode()
        assert "4 of 22 variables" in page
        assert 'value="company"' in page
        assert f'href="{address(contact)}">Show all' in page
        page = site.post(address(contact), {"q": "<nothing>"}).content.decode()
        assert "0 of 22 variables" in page
        assert "&lt;nothing&gt;" in page
        assert page.count("None of these has that.") == 3

    def test_is_not_part_of_an_address(self, site: Client) -> None:
        page = site.get(f"{address(ContactFactory.create())}?q=company").content.decode()
        assert "22 variables" in page
        assert '<form class="finder" method="post"' in page


def test_five_hundred_odd_texts_are_shown_exactly_or_refused_with_a_reason(site: Client) -> None:
    kept = {f"odd{number}": text for number, text in enumerate(odd_strings()) if "\0" not in text}
    for text in odd_strings():
        if "\0" in text:
            with pytest.raises(identity.Invalid, match="has a character that no text can hold"):
                to_json("string", text)
    for name, text in kept.items():
        assert to_json("string", text)
        VariableFactory.create(name=name)
    contact = ContactFactory.create(variables=kept)
    contact.refresh_from_db()
    found = seen(site, contact)
    assert contact.variables == kept
    assert len(kept) > 480
    assert {name: found[name][0] for name in kept} == kept


def test_the_tab_has_the_number_of_them_all(site: Client) -> None:
    VariableFactory.create_batch(3)
    AccountVariableFactory.create()
    contact = ContactFactory.create()
    for address_of_tab, current in ((contact.get_absolute_url(), False), (address(contact), True)):
        tabs = {tab.key: tab for tab in site.get(address_of_tab).context["tabs"]}
        assert (tabs["variables"].count, tabs["variables"].current) == (26, current)


def test_it_asks_the_database_equally_often_whatever_there_is(
    site: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    contact = ContactFactory.create()
    for _round in range(2):
        with django_assert_num_queries(6):
            site.get(address(contact))
        with django_assert_num_queries(6):
            site.post(address(contact), {"q": "a"})
        names = [variable.name for variable in VariableFactory.create_batch(150)]
        VariableFactory.create_batch(10, archived_at=now())
        AccountVariableFactory.create_batch(150)
        Contact.objects.update(variables=dict.fromkeys(names, "x"))
