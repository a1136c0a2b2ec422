"""The variables of a contact: what they hold, and which one a message takes."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from contacts.models import Contact, ContactList
from contacts.variable_names import CONTACT_NAMES, LIST_NAMES
from contacts.variables import Group, Variable, Vocabulary, count_shown
from tests.factories import AccountVariableFactory, ContactFactory, SourceFactory, VariableFactory

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


def variables(contact: Contact) -> list[Variable]:
    return Vocabulary.load().variables_of(contact)


def values(contact: Contact, **options: Any) -> dict[str, Any]:
    """As messages find them, which is what pages show."""
    assert Vocabulary.load().values_of(contact) == {
        each.name: each.value for each in variables(contact) if not each.is_overridden
    }
    return Vocabulary.load().values_of(contact, **options)


def test_names_are_those_that_are_reserved() -> None:
    found = variables(ContactFactory.create())
    assert [each.name for each in found if each.group == Group.CONTACT] == list(CONTACT_NAMES)
    assert [each.name for each in found if each.group == Group.LIST] == list(LIST_NAMES)


def test_values_of_a_contact_as_messages_write_them() -> None:
    contact = ContactFactory.create(
        user_id="u-1",
        email="olga@xn--80aikifvh.xn--j1amh",
        phone="+380671234567",
        first_name="Ольга",
        last_name="Петренко",
        birthday=datetime.date(1990, 5, 6),
        gender=2,
        language="uk",
        source=SourceFactory.create(name="Autumn fair"),
        timezone="+02:00",
        score=-3,
        avatar_url="https://example.com/olga.png",
        added_at=NOON,
        updated_at=NOON,
    )
    assert {name: value for name, value in values(contact).items() if name in CONTACT_NAMES} == {
        "userId": "u-1",
        "email": "olga@приклад.укр",
        "phoneNumber": "+380671234567",
        "firstName": "Ольга",
        "lastName": "Петренко",
        "birthday": datetime.date(1990, 5, 6),
        "gender": 2,
        "language": "uk",
        "source": "Autumn fair",
        "timezone": "+02:00",
        "contactScore": -3,
        "avatarUrl": "https://example.com/olga.png",
        "addedAt": NOON,
        "lastUpdate": NOON,
    }


def test_a_known_name_without_a_value_is_there_and_an_unknown_one_is_not() -> None:
    VariableFactory.create(name="city")
    found = values(ContactFactory.create())
    assert found["city"] is None
    assert found["firstName"] is None
    assert "town" not in found


def test_own_variables_have_the_values_of_their_types() -> None:
    for name in ("string", "number", "date", "boolean"):
        VariableFactory.create(name=f"a{name}", type=name)
    contact = ContactFactory.create(
        variables={"astring": "00123", "anumber": Decimal("12345678901234567890.123"), "aboolean": False}
        | {"adate": "2026-11-22", "unknown": 1}
    )
    contact.refresh_from_db()
    assert {name: value for name, value in values(contact).items() if name in contact.variables} == {
        "astring": "00123",
        "anumber": Decimal("12345678901234567890.123"),
        "adate": datetime.date(2026, 11, 22),
        "aboolean": False,
    }


def test_values_of_the_list_are_those_of_the_contacts_list() -> None:
    default = ContactList.default()
    default.company_name, default.company_country, default.host = "Boots", "UA", "news.example.com"
    default.save()
    found = values(ContactFactory.create())
    assert (found["companyName"], found["companyCountry"], found["host"]) == ("Boots", "Ukraine", "news.example.com")
    assert (found["listName"], found["subscribeUrl"]) == ("Default Contact List", None)


class TestAClashOfNames:
    @pytest.mark.parametrize(
        ("contacts", "accounts", "taken", "winner"),
        [
            ("Lviv", "Kyiv", "Lviv", Group.CONTACT),
            (None, "Kyiv", "Kyiv", Group.ACCOUNT),
            ("", "Kyiv", "Kyiv", Group.ACCOUNT),
            ("Lviv", "", "Lviv", Group.CONTACT),
            (None, "", None, Group.CONTACT),
        ],
    )
    def test_is_won_by_the_first_that_has_a_value(
        self, contacts: str | None, accounts: str, taken: str | None, winner: Group
    ) -> None:
        VariableFactory.create(name="city")
        AccountVariableFactory.create(name="city", value=accounts)
        contact = ContactFactory.create(variables={"city": contacts})
        rows = [each for each in variables(contact) if each.name == "city"]
        assert values(contact)["city"] == taken
        assert {each.winner for each in rows} == {winner}
        assert [each.group for each in rows if not each.is_overridden] == [winner]

    def test_is_won_by_the_request_before_all(self) -> None:
        VariableFactory.create(name="city")
        contact = ContactFactory.create(first_name="Olga", variables={"city": "Lviv"})
        found = values(contact, request={"city": "Odesa", "firstName": "Ms Petrenko", "order": Decimal(7)})
        assert (found["city"], found["firstName"], found["order"]) == ("Odesa", "Ms Petrenko", 7)

    def test_the_account_comes_before_the_list(self) -> None:
        AccountVariableFactory.create(name="companyName", value="The account's")
        found = [each for each in variables(ContactFactory.create()) if each.name == "companyName"]
        assert {each.winner for each in found} == {Group.ACCOUNT}

    def test_is_none_where_names_differ_in_capitals(self) -> None:
        VariableFactory.create(name="city")
        AccountVariableFactory.create(name="City", value="Kyiv")
        found = values(ContactFactory.create(variables={"city": "Lviv"}))
        assert (found["city"], found["City"]) == ("Lviv", "Kyiv")


def counted(contact: Contact) -> int:
    return int(Contact.objects.values_list(count_shown(), flat=True).get(pk=contact.pk))


def test_an_archived_variable_stays_with_who_has_a_value() -> None:
    VariableFactory.create(name="size", archived_at=now())
    has, none = ContactFactory.create(variables={"size": "XL"}), ContactFactory.create(variables={"size": ""})
    shown = next(each for each in variables(has) if each.name == "size")
    assert (shown.value, shown.is_archived, shown.is_editable) == ("XL", True, False)
    assert values(has)["size"] == "XL"
    assert "size" not in values(none)
    assert counted(has) == counted(none) + 1 == len(variables(has))


@pytest.mark.parametrize(
    ("words", "found"), [("київ", True), ("CITY", True), ("home town", True), ("home київ", True), ("odesa", False)]
)
def test_words_are_looked_for_in_name_label_and_value(words: str, found: bool) -> None:
    VariableFactory.create(name="city", label="Home town")
    contact = ContactFactory.create(variables={"city": "Київ"})
    variable = next(each for each in variables(contact) if each.name == "city")
    assert variable.contains(words.lower().split()) == found


def test_what_people_read() -> None:
    VariableFactory.create(name="vip", type="boolean")
    found = {each.name: each for each in variables(ContactFactory.create(variables={"vip": False}, updated_at=NOON))}
    assert found["vip"].shown == "no"
    assert "2026" in found["lastUpdate"].shown
    assert found["firstName"].shown == ""
    editable = {each.name for each in found.values() if each.is_editable}
    assert editable == {*CONTACT_NAMES, "vip"} - {"contactScore", "addedAt", "lastUpdate"}


def test_one_vocabulary_serves_any_number_of_contacts(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    VariableFactory.create_batch(20)
    AccountVariableFactory.create_batch(20)
    ContactFactory.create_batch(5, source=SourceFactory.create())
    contacts = list(Contact.objects.select_related("source", "contact_list"))
    with django_assert_num_queries(2):
        vocabulary = Vocabulary.load()
        for contact in contacts:
            assert len(vocabulary.values_of(contact)) == 20 + 20 + len(CONTACT_NAMES) + len(LIST_NAMES)
    with django_assert_num_queries(1):
        assert counted(contacts[0]) == 20 + 20 + len(CONTACT_NAMES) + len(LIST_NAMES)
