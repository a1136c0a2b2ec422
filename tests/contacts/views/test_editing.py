"""Pages and fragments on which a contact is changed or added."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity.models import AuditEntry
from config.models import User
from contacts.models import Contact
from tests.factories import ContactFactory, ContactListFactory, SourceFactory, VariableFactory

pytestmark = pytest.mark.django_db


def send(site: Client, contact: Contact, name: str, text: str, *, seen: str = "", target: str = "") -> Any:
    """As a browser does: with scripts into the place with the id `target`, without them where there is none."""
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    url = f"/contacts/{contact.pk}/edit/{name}/"
    return site.post(url, {"text": text, "seen": seen}, headers=headers)


def words(response: Any) -> str:
    return str(response.content.decode().replace("\xa0", " "))


class TestWithoutScripts:
    def test_the_form_is_a_page_and_saving_leads_back_to_the_profile(self, site: Client) -> None:
        contact = ContactFactory.create(first_name="Olga")
        page = words(site.get(f"/contacts/{contact.pk}/edit/firstName/"))
        assert "Edit First name" in page
        assert 'value="Olga"' in page
        assert "hx-post" not in page.partition("<main")[2]
        response = send(site, contact, "firstName", "Olena", seen="Olga")
        assert (response.status_code, response.headers["Location"]) == (302, f"/contacts/{contact.pk}/")
        contact.refresh_from_db()
        assert contact.first_name == "Olena"

    def test_a_variable_leads_back_to_the_tab_that_shows_it(self, site: Client) -> None:
        VariableFactory.create(name="city")
        contact = ContactFactory.create()
        assert send(site, contact, "city", "Kyiv").headers["Location"] == f"/contacts/{contact.pk}/variables/"

    def test_a_mistake_keeps_what_was_written(self, site: Client) -> None:
        contact = ContactFactory.create(email="olga@example.com")
        page = words(send(site, contact, "email", "<olga>@", seen="olga@example.com"))
        assert "is not an email address" in page
        assert 'value="&lt;olga&gt;@"' in page

    def test_both_values_are_shown_where_somebody_else_was_quicker(self, site: Client) -> None:
        contact = ContactFactory.create(first_name="Olga")
        send(site, contact, "firstName", "Theirs", seen="Olga")
        page = words(send(site, contact, "firstName", "Mine", seen="Olga"))
        assert "has changed this meanwhile" in page
        assert "Theirs" in page
        assert 'value="Mine"' in page
        assert '<input type="hidden" name="seen" value="Theirs"' in page
        assert send(site, contact, "firstName", "Mine", seen="Theirs").status_code == 302

    def test_an_identifier_of_another_leads_to_its_contact(self, site: Client) -> None:
        owner = ContactFactory.create(user_id="u-1", first_name="Olena")
        page = words(send(site, ContactFactory.create(), "userId", "u-1"))
        assert "Another contact has it already" in page
        assert f'href="{owner.get_absolute_url()}"' in page

    def test_a_value_fragment_is_no_page(self, site: Client) -> None:
        contact = ContactFactory.create()
        assert site.get(f"/contacts/{contact.pk}/values/email/")["Location"] == contact.get_absolute_url()


class TestWithScripts:
    def test_the_form_comes_alone(self, site: Client) -> None:
        contact = ContactFactory.create()
        response = site.get(f"/contacts/{contact.pk}/edit/email/", headers={"HX-Request": "true"})
        assert words(response).lstrip().startswith("<form")

    def test_what_is_saved_shows_everywhere_on_the_page(self, site: Client, marketer: User) -> None:
        contact = ContactFactory.create(first_name="Olga")
        fragment = words(send(site, contact, "firstName", "Olena", seen="Olga", target="value-firstName"))
        assert fragment.count("Olena") == 2, "in its place and in the head of the page"
        assert 'id="profile-head" hx-swap-oob="true"' in fragment
        assert 'id="last-change" hx-swap-oob="true"' in fragment
        assert marketer.username in fragment

    def test_an_odd_address_of_the_page_does_no_harm(self, site: Client) -> None:
        contact = ContactFactory.create()
        odd = {"HX-Request": "true", "HX-Current-URL": "http://["}
        assert site.get(f"/contacts/{contact.pk}/values/email/", headers=odd).status_code == 200

    def test_the_form_can_be_put_away(self, site: Client) -> None:
        contact = ContactFactory.create(birthday="1990-05-06")
        fragment = words(site.get(f"/contacts/{contact.pk}/values/birthday/", headers={"HX-Request": "true"}))
        assert "1990-05-06" in fragment
        assert "Edit Birthday" in fragment


def test_there_is_a_field_for_every_kind_of_value(site: Client) -> None:
    SourceFactory.create(code="fair", name="Autumn fair")
    for type_ in ("string", "number", "date", "boolean"):
        VariableFactory.create(name=f"a_{type_}", type=type_)
    contact = ContactFactory.create(user_id="u-1")
    asked = {
        "firstName": "<input",
        "gender": "2 · Female",
        "language": "Ukrainian · uk",
        "source": "Autumn fair",
        "timezone": '<option value="Europe/Kyiv">',
        "avatarUrl": "https://",
        "a_string": "<textarea",
        "a_number": 'inputmode="decimal"',
        "a_date": "YYYY-MM-DD",
        "a_boolean": "<select",
    }
    for name, shown in asked.items():
        assert shown in words(site.get(f"/contacts/{contact.pk}/edit/{name}/")), name


@pytest.mark.parametrize("name", ["addedAt", "contactScore", "is_active", "x" * 300])
def test_what_cannot_be_edited_has_no_form_and_the_page_says_so(name: str, site: Client) -> None:
    contact = ContactFactory.create()
    for response in (site.get(f"/contacts/{contact.pk}/edit/{name}/"), send(site, contact, name, "x")):
        assert response.status_code == 404
        assert "no value of this name that can be edited" in words(response)


def test_contacts_of_other_lists_cannot_be_edited(site: Client) -> None:
    contact = ContactFactory.create(contact_list=ContactListFactory.create(), first_name="Olga")
    assert send(site, contact, "firstName", "Olena", seen="Olga").status_code == 404
    contact.refresh_from_db()
    assert contact.first_name == "Olga"


@pytest.mark.parametrize(
    "text", ["x" * 10_000_000, "nul\0", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")]
)
def test_what_no_field_can_hold_is_refused_or_kept_never_an_error_page(text: str, site: Client) -> None:
    contact = ContactFactory.create(user_id="u-1")
    VariableFactory.create(name="v")
    for name in ("firstName", "userId", "email", "birthday", "v"):
        assert send(site, contact, name, text).status_code in {200, 302, 400, 413}


def test_support_reads_only(support: User, signed_in: Callable[[User], Client]) -> None:
    contact = ContactFactory.create(first_name="Olga")
    site = signed_in(support)
    page = words(site.get(contact.get_absolute_url()))
    assert "/edit/" not in page
    assert send(site, contact, "firstName", "Olena", seen="Olga").status_code == 403
    assert site.post("/contacts/add/", {"userId": "u-9"}).status_code == 403
    assert "/contacts/add/" not in words(site.get("/contacts/"))
    contact.refresh_from_db()
    assert (contact.first_name, Contact.objects.count(), AuditEntry.objects.count()) == ("Olga", 1, 0)


def test_the_profile_says_who_changed_what_last(site: Client, marketer: User) -> None:
    contact = ContactFactory.create(first_name="Olga")
    VariableFactory.create(name="city", label="Home town")
    assert 'id="last-change" hidden' in words(site.get(contact.get_absolute_url()))
    send(site, contact, "firstName", "Olena", seen="Olga")
    page = words(site.get(contact.get_absolute_url()))
    assert f"Last changed by <bdi>{marketer.username}</bdi>: <bdi>First name</bdi>," in page
    send(site, contact, "city", "Kyiv")
    User.objects.filter(pk=marketer.pk).update(first_name="Marta", last_name="Bondar")
    assert "Last changed by <bdi>Marta Bondar</bdi>: <bdi>Home town</bdi>," in words(
        site.get(f"{contact.get_absolute_url()}variables/")
    )


class TestAdding:
    def test_the_same_form_sent_twice_leads_to_the_one_contact(self, site: Client) -> None:
        key = str(uuid.uuid4())
        for _again in range(2):
            response = site.post("/contacts/add/", {"email": "olga@example.com", "key": key})
            assert response.headers["Location"] == Contact.objects.get().get_absolute_url()
        again = site.post("/contacts/add/", {"email": "olga@example.com", "key": str(uuid.uuid4())})
        assert "Another contact has it already" in words(again)

    def test_what_is_wrong_is_summed_up_with_the_way_there(self, site: Client) -> None:
        page = site.post("/contacts/add/", {"email": "olga@", "gender": "blue"}).content.decode()
        summary = page.partition('role="alert"')[2].partition("</ul>")[0]
        assert re.findall('<a href="#([^"]+)">', summary) == ["id_email", "id_gender"]
        assert re.search('<input [^>]*name="email"[^>]* autofocus', page)

    def test_asks_the_database_equally_often_whatever_there_is(
        self,
        site: Client,
        django_assert_num_queries: DjangoAssertNumQueries,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        SourceFactory.create_batch(30)
        site.get("/contacts/add/")
        with django_assert_num_queries(3):
            site.get("/contacts/add/")
        with django_assert_max_num_queries(22):
            site.post("/contacts/add/", {"email": "olga@example.com", "userId": "u-1", "phoneNumber": "+380671234567"})

    def test_leads_to_the_new_profile(self, site: Client, marketer: User) -> None:
        response = site.post("/contacts/add/", {"email": "olga@example.com", "firstName": "Olga"}, follow=True)
        contact = Contact.objects.get()
        assert response.redirect_chain == [(contact.get_absolute_url(), 302)]
        page = words(response)
        assert "Olga has been added." in page
        assert f"Added by <bdi>{marketer.username}</bdi>" in page
        assert contact.added_via == "hand"

    def test_sent_twice_adds_one_and_offers_it(self, site: Client) -> None:
        for _time in range(2):
            page = words(site.post("/contacts/add/", {"email": "olga@example.com", "firstName": "Olga"}))
        contact = Contact.objects.get()
        assert "has it already" in page
        assert f'href="{contact.get_absolute_url()}"' in page

    def test_keeps_what_was_written_beside_every_mistake(self, site: Client) -> None:
        page = words(site.post("/contacts/add/", {"firstName": "Olga", "birthday": "soon", "phoneNumber": "12"}))
        assert 'value="Olga"' in page
        assert "“soon”" in page
        assert "“12”" in page
        assert not Contact.objects.exists()

    def test_asks_for_an_identifier(self, site: Client) -> None:
        assert "needs an ID, an email or a phone number" in words(site.post("/contacts/add/", {"firstName": "Olga"}))

    @pytest.mark.parametrize(
        ("name", "text"), [("userId", "u-1"), ("email", "OLGA@example.com"), ("phoneNumber", "067 123 45 67")]
    )
    def test_tells_while_one_types_whose_an_identifier_is(self, name: str, text: str, site: Client) -> None:
        owner = ContactFactory.create(user_id="u-1", email="olga@example.com", phone="+380671234567")
        assert f'href="{owner.get_absolute_url()}"' in words(site.post("/contacts/add/check/", {name: text}))
        assert not words(site.post("/contacts/add/check/", {name: text[:-1]})).strip()
        assert not words(site.post("/contacts/add/check/", {"firstName": text})).strip()


def test_an_edit_takes_few_statements_whatever_there_is(
    site: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    contact = ContactFactory.create(first_name="Olga")
    VariableFactory.create_batch(30)
    SourceFactory.create_batch(30)
    with django_assert_max_num_queries(18):
        send(site, contact, "firstName", "Olena", seen="Olga", target="value-firstName")
