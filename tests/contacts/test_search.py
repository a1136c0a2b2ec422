"""Finding a person by what is known of them."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact, ContactList
from contacts.search import exactly, nearly, unreadable
from tests.factories import ContactFactory, ContactListFactory

pytestmark = pytest.mark.django_db

USER_ID, EMAIL, PHONE = "Client-007", "olga.petrenko@xn--80aikifvh.xn--j1amh", "+380671234567"


@pytest.fixture
def olga() -> Contact:
    ContactFactory.create_batch(3)
    return ContactFactory.create(
        user_id=USER_ID, email=EMAIL, phone=PHONE, first_name="Ольга", last_name="Петренко-Weiß"
    )


def found(text: str, region: str = "UA") -> Contact | None:
    return exactly(text, contact_list=ContactList.default(), region=region)


def near(text: str) -> list[Contact]:
    return list(nearly(text, contact_list=ContactList.default()))


class TestExactly:
    @pytest.mark.parametrize(
        "text",
        [
            USER_ID,
            f"  {USER_ID}\t",
            "olga.petrenko@приклад.укр",
            "Olga.Petrenko@ПРИКЛАД.укр",
            "OLGA.PETRENKO@xn--80aikifvh.xn--j1amh",
            "mailto:olga.petrenko@приклад.укр",
            "Olga <olga.petrenko@приклад.укр>",
            "+380671234567",
            "+380 67 123-45-67",
            "00380671234567",
            "00 380 (67) 123 45 67",
            "380671234567",
            "067 123 45 67",
            "671234567",
            "(067) 123.45.67",
            "tel:+380-67-123-45-67",
            "\u202a+380671234567\u202c",
            "０６７１２３４５６７",
        ],
    )
    def test_an_identifier_finds_its_contact_in_any_usual_form(self, text: str, olga: Contact) -> None:
        assert found(text) == olga

    @pytest.mark.parametrize(
        "text", ["client-007", "Client-00", "olga.petrenko@example.com", "67123456", "+380671234568", "", " ", "\0"]
    )
    def test_what_is_only_like_an_identifier_finds_nobody(self, text: str, olga: Contact) -> None:
        assert found(text) is None

    def test_a_national_number_is_read_in_the_accounts_region(self, olga: Contact) -> None:
        berlin = ContactFactory.create(phone="+4930901820")
        assert found("030 901820", region="DE") == berlin
        assert found("030 901820", region="UA") is None
        assert found("067 123 45 67", region="") is None
        assert found("+380671234567", region="") == olga

    def test_a_user_id_may_look_like_anything(self, olga: Contact) -> None:
        like_number = ContactFactory.create(user_id="0671234567")
        like_email = ContactFactory.create(user_id=EMAIL)
        assert found("0671234567") == like_number
        assert found("067 123 4567") == olga
        assert found(EMAIL) == like_email

    def test_contacts_of_other_lists_are_not_found(self) -> None:
        ContactFactory.create(user_id=USER_ID, contact_list=ContactListFactory.create())
        assert found(USER_ID) is None
        assert near(USER_ID) == []


class TestNearly:
    @pytest.mark.parametrize(
        "text",
        [
            "Ольга",
            "ольга петренко",
            "ПЕТРЕНКО Ольга",
            "петр оль",
            "Weiß",
            "WEIß",
            "olga.petr",
            "Petrenko",
            "client-0",
            "1234567",
            "067 123",
            "(067) 12",
            "+380 67 1",
            "123-45-67",
        ],
    )
    def test_parts_of_names_and_identifiers_in_any_order_and_case(self, text: str, olga: Contact) -> None:
        assert near(text) == [olga]

    def test_short_words_begin_names_first_and_stand_inside_of_them_where_none_begins_so(self) -> None:
        go = ContactFactory.create(first_name="剛", last_name="吉田")
        igor = ContactFactory.create(first_name="Gleb", last_name="Goncharenko")
        ContactFactory.create(first_name="Egor", last_name="Kogan")
        assert near("吉田 剛") == near("剛") == near("吉") == [go]
        assert near("go") == near("GO gl") == [igor]
        assert near("田") == [go]

    @pytest.mark.parametrize("text", ["Петренка", "Петтренко", "Петренко Ольха", "olga.petrenco"])
    def test_a_slip_of_the_pen(self, text: str, olga: Contact) -> None:
        assert olga in near(text)

    @pytest.mark.parametrize("name", ["José", "Zoë", "Đặng", "й"])
    def test_a_name_typed_in_the_other_form_of_unicode(self, name: str) -> None:
        contact = ContactFactory.create(first_name=unicodedata.normalize("NFC", name))
        assert near(unicodedata.normalize("NFD", name)) == [contact]

    @pytest.mark.parametrize("text", ["zzzzqqqq", "", "   ", "\0", "%", "_", "\\", "Ольга zzzzqqqq", "%%%", "'; DROP"])
    def test_nothing_is_like_it(self, text: str, olga: Contact) -> None:
        assert near(text) == []

    def test_signs_with_a_meaning_in_sql_stand_for_themselves(self) -> None:
        odd = ContactFactory.create(user_id=r"100%_\'x")
        ContactFactory.create(user_id="100abcx")
        assert near("100%") == near("%_") == near("\\'") == [odd]

    def test_the_most_alike_come_first(self) -> None:
        far = ContactFactory.create(last_name="Petrovska")
        close = ContactFactory.create(last_name="Petrenko")
        assert near("Petrenka")[0] == close
        assert near("Petrovsky")[0] == far

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(max_size=400))
    def test_any_text_is_an_answerable_question(self, text: str) -> None:
        exactly(text, contact_list=ContactList.default(), region="UA")
        list(nearly(text, contact_list=ContactList.default()))
        unreadable(text, region="UA")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("olga@", "is not an email address"),
        ("+380 67 123", "is not a phone number"),
        ("067 123 45 67 89", "is not a phone number"),
        ("067 123 45 67", ""),
        ("olga@example.com", ""),
        ("Olga", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_what_cannot_be_an_identifier_is_explained(text: str, words: str) -> None:
    reason = unreadable(text, region="UA")
    assert words in reason
    assert bool(reason) == bool(words)
