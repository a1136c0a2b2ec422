import pytest
from django.db import DatabaseError, connection

from activity.prepared import Given, Prepared, written_out
from contacts.models import Contact
from contacts.statements import OneContact
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db


def test_what_is_known_is_written_in_and_what_is_given_comes_with_each_call() -> None:
    names = ("100 %", "%s", "%(contact)s", "%%(other)s", "it's \\ two")
    contacts = [ContactFactory.create(first_name=name) for name in names]
    rows = Contact.objects.filter(pk=Given("contact"), first_name__in=names).exclude(last_name__contains="%d")
    statement = Prepared.of(rows.values_list("first_name"))
    assert [statement.rows(contact=contact.pk) for contact in contacts] == [[(name,)] for name in names]


def test_part_of_another_statement() -> None:
    contact = ContactFactory.create(first_name="50 %")
    part = written_out(Contact.objects.filter(first_name="50 %", pk=Given("asked")).values("pk"))
    statement = Prepared(f"SELECT %(word)s::text, 7 %% 4 WHERE %(asked)s IN ({part})")
    assert statement.rows(word="x", asked=contact.pk) == [("x", 3)]
    assert statement.rows(word="x", asked=contact.pk + 1) == []


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_learns_it_anew() -> None:
    contact = ContactFactory.create(first_name="Olena")
    asked = OneContact("first_name")
    assert asked.of(contact.pk) == {"first_name": "Olena"}
    connection.close()
    assert asked.of(contact.pk) == {"first_name": "Olena"}
    with pytest.raises(Contact.DoesNotExist):
        asked.of(0)


@pytest.mark.django_db(transaction=True)
def test_what_it_is_planned_under_ends_with_it() -> None:
    statement = Prepared("SELECT current_setting('enable_sort'), %(word)s::text", planning={"enable_sort": "off"})
    assert statement.rows(word="x") == [("off", "x")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_sort'), current_setting('plan_cache_mode')")
        assert cursor.fetchall() == [("on", "auto")]


def test_a_connection_keeps_the_last_ones_alone() -> None:
    many = [Prepared(f"SELECT {number}, %(word)s::text") for number in range(100)]
    for _round in range(2):
        assert [each.rows(word="x") for each in many] == [[(number, "x")] for number in range(100)]
    assert Prepared("SELECT count(*) <= 60 FROM pg_prepared_statements").rows() == [(True,)]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_does_not_know_it_any_more_ends_with_the_request() -> None:
    statement = Prepared("SELECT %(word)s::text")
    assert statement.rows(word="x") == [("x",)]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(DatabaseError):
        statement.rows(word="x")
    connection.close_if_unusable_or_obsolete()  # as the end of a request does
    assert statement.rows(word="x") == [("x",)]
