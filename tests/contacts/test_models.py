"""What the database itself keeps true, and what a contact shows of itself."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from pytest_django.fixtures import Settings

from contacts.columns import DEFAULT_COLUMNS
from contacts.models import AccountVariable, Contact, ContactList, ListPreference, Source, VariableDefinition
from tests.factories import (
    AccountVariableFactory,
    ContactFactory,
    ContactListFactory,
    EventTypeFactory,
    SourceFactory,
    UserFactory,
    VariableFactory,
)

pytestmark = pytest.mark.django_db

IDENTIFIERS = {"user_id": "u-1", "email": "olga@example.com", "phone": "+380671234567"}
NONE: dict[str, Any] = dict.fromkeys(IDENTIFIERS)


def refused(make: Any) -> str:
    """The name of the constraint that refuses it."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    return str(getattr(caught.value.__cause__, "diag").constraint_name)  # noqa: B009 - psycopg2's own


class TestLists:
    def test_there_is_one_default_list_from_the_start(self) -> None:
        assert str(ContactList.default()) == "Default Contact List"
        assert ContactList.objects.count() == 1

    def test_there_is_never_a_second(self) -> None:
        assert refused(lambda: ContactListFactory.create(is_default=True)) == "one_default_list"

    def test_there_may_be_many_others(self) -> None:
        ContactListFactory.create_batch(3)
        assert ContactList.objects.filter(is_default=False).count() == 3

    def test_a_name_belongs_to_one(self) -> None:
        assert "name" in refused(lambda: ContactListFactory.create(name="Default Contact List"))

    def test_a_list_with_contacts_stays(self) -> None:
        contact = ContactFactory.create(contact_list=ContactListFactory.create())
        with pytest.raises(ProtectedError):
            contact.contact_list.delete()


class TestIdentifiers:
    @pytest.mark.parametrize("kind", IDENTIFIERS)
    def test_one_is_enough(self, kind: str) -> None:
        assert ContactFactory.create(**{**NONE, kind: IDENTIFIERS[kind]}).pk

    def test_none_is_too_few(self) -> None:
        assert refused(lambda: ContactFactory.create(**NONE)) == "contact_has_an_identifier"

    @pytest.mark.parametrize("kind", IDENTIFIERS)
    def test_each_belongs_to_one_contact_of_a_list(self, kind: str) -> None:
        values = {**NONE, kind: IDENTIFIERS[kind]}
        ContactFactory.create(**values)
        assert refused(lambda: ContactFactory.create(**values)) == f"contact_{kind}"

    @pytest.mark.parametrize("kind", IDENTIFIERS)
    def test_contacts_of_different_lists_may_share_one(self, kind: str) -> None:
        values = {**NONE, kind: IDENTIFIERS[kind]}
        ContactFactory.create(**values)
        assert ContactFactory.create(**values, contact_list=ContactListFactory.create()).pk

    def test_any_number_of_contacts_may_lack_one(self) -> None:
        ContactFactory.create_batch(3, user_id=None, phone=None)
        assert Contact.objects.count() == 3


class TestValues:
    @pytest.mark.parametrize("gender", [0, 1, 2, 9])
    def test_a_gender_is_one_of_the_standard(self, gender: int) -> None:
        assert ContactFactory.create(gender=gender).gender == gender

    @pytest.mark.parametrize("gender", [3, 8, 10])
    def test_another_gender_is_refused(self, gender: int) -> None:
        assert refused(lambda: ContactFactory.create(gender=gender)) == "contact_gender"

    def test_a_source_in_use_stays(self) -> None:
        source = SourceFactory.create()
        ContactFactory.create(source=source)
        with pytest.raises(ProtectedError):
            source.delete()

    @pytest.mark.parametrize(
        "name", ["1st", "two words", "місто", "a-b", "", "a\n", "x" * 41, "FirstName", "HOST", "nil"]
    )
    def test_a_variable_has_a_name_that_a_template_can_use(self, name: str) -> None:
        for variable in (VariableDefinition(name=name, type="string"), AccountVariable(name=name, type="string")):
            with pytest.raises(ValidationError) as caught:
                variable.full_clean()
            assert caught.value.message_dict.keys() == {"name"}

    def test_nor_do_two_variables_differ_by_capitals_alone(self) -> None:
        for factory in (VariableFactory, AccountVariableFactory, EventTypeFactory):
            factory.create(name="city")
            with pytest.raises(ValidationError, match="of this name already"):
                factory.build(name="CITY").full_clean()
            assert refused(lambda factory=factory: factory.create(name="City")).endswith("name")

    def test_a_variable_of_a_contact_and_one_of_the_account_may_share_a_name(self) -> None:
        VariableFactory.create(name="city")
        AccountVariableFactory.build(name="city").full_clean()

    def test_a_variable_has_one_of_the_types_and_a_name_of_its_own(self) -> None:
        VariableFactory.create(name="city", label="Town")
        assert refused(lambda: VariableFactory.create(type="colour")) == "variable_type"
        assert "name" in refused(lambda: VariableFactory.create(name="city"))
        assert [str(variable) for variable in VariableDefinition.objects.all()] == ["Town"]

    def test_sources_are_listed_by_name(self) -> None:
        SourceFactory.create(name="Shop")
        SourceFactory.create(name="Fair")
        assert [str(source) for source in Source.objects.all()] == ["Fair", "Shop"]


class TestCosts:
    @pytest.mark.parametrize(
        ("cost", "currency"), [(None, ""), (0, "EUR"), ("0.0001", "UAH"), ("9999999999.9999", "JPY")]
    )
    def test_have_a_currency(self, cost: Any, currency: str) -> None:
        source = SourceFactory.build(acquisition_cost=cost, currency=currency)
        source.full_clean()
        source.save()

    @pytest.mark.parametrize(("cost", "currency"), [("-0.0001", "EUR"), ("1", ""), ("1", "eur"), ("1", "ABC")])
    def test_are_not_below_nought_nor_without_one_of_iso_4217(self, cost: str, currency: str) -> None:
        with pytest.raises(ValidationError):
            SourceFactory.build(acquisition_cost=Decimal(cost), currency=currency).full_clean()

    def test_the_database_sees_to_it_too(self) -> None:
        assert refused(lambda: SourceFactory.create(acquisition_cost=1, currency="")) == "source_cost"
        assert refused(lambda: SourceFactory.create(acquisition_cost=-1, currency="EUR")) == "source_cost"


class TestListVariables:
    @pytest.mark.parametrize(
        ("field", "text"),
        [
            ("host", "news.example.com"),
            ("host", "news.example.com:8443"),
            ("host", "магазин.укр"),
            ("company_email", "Info@Приклад.укр"),
            ("company_country", "UA"),
            ("company_address", "1 Street\r\nKyiv"),
            ("unsubscribe_url", "https://example.com/leave?list=1"),
            ("subscribe_url", "http://example.com/"),
        ],
    )
    def test_take_what_messages_can_use(self, field: str, text: str) -> None:
        ContactListFactory.build(**{field: text}).full_clean()

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            *(("host", text) for text in ("https://example.com", "example.com/", "a@example.com", "two words", "shop")),
            ("company_email", "info@"),
            ("company_country", "Ukraine"),
            ("company_country", "XX"),
            ("company_name", "\u200b"),
            ("company_address", "a\0b"),
            ("unsubscribe_url", "example.com"),
            ("unsubscribe_url", "javascript:alert(1)"),
            ("subscribe_url", "ftp://example.com/"),
        ],
    )
    def test_refuse_what_they_cannot(self, field: str, text: str) -> None:
        with pytest.raises(ValidationError) as caught:
            ContactListFactory.build(**{field: text}).full_clean()
        assert caught.value.message_dict.keys() == {field}

    def test_a_host_is_that_of_the_site_unless_it_is_given(self, settings: Settings) -> None:
        settings.SITE_URL = "https://rapport.example:8443"
        assert ContactListFactory.build().host_in_links == "rapport.example:8443"
        assert ContactListFactory.build(host="news.example.com").host_in_links == "news.example.com"


class TestAccountVariables:
    @pytest.mark.parametrize(
        ("type_", "text", "kept", "value"),
        [
            ("string", " as {{ written }}\n", " as {{ written }}\n", " as {{ written }}\n"),
            ("number", "1 500,50", "1500.5", Decimal("1500.5")),
            ("date", "31.12.2026", "2026-12-31", datetime.date(2026, 12, 31)),
            ("boolean", "так", "true", True),
            ("boolean", "no", "false", False),
            ("number", "", "", None),
        ],
    )
    def test_are_kept_in_the_normal_form_of_their_type(self, type_: str, text: str, kept: str, value: Any) -> None:
        variable = AccountVariableFactory.build(type=type_, value=text)
        variable.full_clean()
        variable.full_clean()
        assert (variable.value, variable.typed_value) == (kept, value)

    @pytest.mark.parametrize(
        ("type_", "text"), [("number", "many"), ("date", "05/06/1990"), ("boolean", "maybe"), ("string", "x" * 4001)]
    )
    def test_of_another_type_are_refused_with_the_reason(self, type_: str, text: str) -> None:
        with pytest.raises(ValidationError) as caught:
            AccountVariableFactory.build(type=type_, value=text).full_clean()
        assert caught.value.message_dict["value"][0].startswith("“")


class TestUses:
    """What stands in the way of deleting a component, with the number of those who need it."""

    def test_of_a_source(self) -> None:
        source = SourceFactory.create()
        assert source.uses() == ""
        ContactFactory.create(source=source)
        assert source.uses() == "1 contact came by this source: it cannot be deleted."
        ContactFactory.create(source=source, contact_list=ContactListFactory.create())
        assert source.uses() == "2 contacts came by this source: it cannot be deleted."

    def test_of_a_list(self) -> None:
        other = ContactListFactory.create()
        assert other.uses() == ""
        ContactFactory.create(contact_list=other)
        assert other.uses() == "1 contact is on this list: it cannot be deleted."
        assert "it stays" in ContactList.default().uses()

    @pytest.mark.parametrize("name", ["size", "contains", "has_key", "isnull"])
    def test_of_a_variable(self, name: str) -> None:
        variable = VariableFactory.create(name=name)
        for nothing in (None, ""):
            ContactFactory.create(variables={name: nothing, "other": 1})
        assert variable.uses() == ""
        for value in ("x", False, Decimal(0)):
            ContactFactory.create(variables={name: value})
        assert variable.uses().startswith("3 contacts have a value of this variable: archive it")

    def test_of_event_types_and_account_variables_nothing_does_yet(self) -> None:
        assert EventTypeFactory.create().uses() == AccountVariableFactory.create().uses() == ""


class TestWhatIsShown:
    @pytest.mark.parametrize(
        ("values", "name", "initials"),
        [
            ({"first_name": "Olga", "last_name": "Petrenko"}, "Olga Petrenko", "OP"),
            ({"first_name": "", "last_name": "Петренко"}, "Петренко", "П"),
            ({"first_name": "мар'яна"}, "мар'яна", "М"),
            ({"email": "olga@example.com"}, "olga@example.com", "O"),
            ({"email": "olga@xn--80aikifvh.xn--j1amh"}, "olga@приклад.укр", "O"),
            ({"email": None, "user_id": "u-1", "phone": "+380671234567"}, "u-1", "U"),
            ({"email": None, "phone": "+380671234567"}, "+380 67 123 4567", "3"),
            ({"first_name": "😀", "last_name": "Їжак"}, "😀 Їжак", "Ї"),
        ],
    )
    def test_a_name_or_what_people_would_use_instead(self, values: dict[str, Any], name: str, initials: str) -> None:
        contact = ContactFactory.create(**values)
        assert (contact.full_name, contact.initials) == (name, initials)
        assert 0 <= contact.colour < 12
        assert contact.colour == ContactFactory.build(**{"email": None, **values}).colour

    @pytest.mark.parametrize(
        ("birthday", "zone", "age"),
        [
            ("1990-11-22", "", 36),
            ("1990-11-23", "", 35),
            ("1990-11-23", "Pacific/Auckland", 36),
            ("1990-11-22", "-12:00", 35),
            ("1992-02-29", "", 34),
            ("2026-11-22", "", 0),
        ],
    )
    def test_an_age_is_full_years_where_the_person_is(self, birthday: str, zone: str, age: int) -> None:
        contact = ContactFactory.build(birthday=datetime.date.fromisoformat(birthday), timezone=zone)
        with time_machine.travel(datetime.datetime(2026, 11, 22, 11, 30, tzinfo=datetime.UTC), tick=False):
            assert contact.age == age

    @pytest.mark.parametrize(
        ("zone", "offset", "clock"),
        [
            ("Europe/Kyiv", "+02:00", "13:30"),
            ("Asia/Kathmandu", "+05:45", "17:15"),
            ("-03:30", "-03:30", "08:00"),
            ("America/New_York", "-05:00", "06:30"),
        ],
    )
    def test_a_time_zone_is_shown_as_an_offset_with_the_persons_local_time(
        self, zone: str, offset: str, clock: str
    ) -> None:
        contact = ContactFactory.build(timezone=zone)
        with time_machine.travel(datetime.datetime(2026, 11, 22, 11, 30, tzinfo=datetime.UTC), tick=False):
            assert contact.timezone_offset == offset
            assert contact.local_time
            assert contact.local_time.strftime("%H:%M") == clock

    def test_what_is_not_known_is_empty(self) -> None:
        contact = ContactFactory.build(email=None, user_id="u-1")
        shown = (contact.age, contact.timezone_offset, contact.local_time, contact.language_name)
        assert shown == (None, "", None, "")
        assert (contact.email_for_people, contact.phone_for_people) == ("", "")

    def test_neither_text_nor_address_of_a_contact_is_personal(self) -> None:
        contact = ContactFactory.create(email="olga@example.com", first_name="Olga")
        assert (str(contact), contact.get_absolute_url()) == (str(contact.pk), f"/contacts/{contact.pk}/")


class TestColumnsOfTheList:
    def test_are_the_usual_ones_until_the_user_chooses(self) -> None:
        user = UserFactory.create()
        assert ListPreference.columns_of(user.pk) == list(DEFAULT_COLUMNS)
        ListPreference.objects.create(user_id=user.pk, columns=["score", "gone since", "name"])
        assert ListPreference.columns_of(user.pk) == ["name", "score"]


def test_a_changed_row_finds_room_on_its_page() -> None:
    """Updates then leave the indexes alone (HOT)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE oid = 'contacts_contact'::regclass")
        assert cursor.fetchone()[0] == ["fillfactor=70"]
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'contacts_contact'")
        definitions = [row[0] for row in cursor.fetchall()]
    assert [definition for definition in definitions if "updated_at" in definition and "brin" not in definition] == []
