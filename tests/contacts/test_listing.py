"""Orders, addresses, pages and counts of the contact list."""

import datetime

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts import listing
from contacts.listing import Order, Page, address, columns_of, count_text, page_of
from contacts.models import Contact, ContactList
from tests.factories import ContactFactory

# Two first names, each with a moment at which its bearers were added together.
ADDED = {
    "x": datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC),
    "Я": datetime.datetime(2026, 11, 21, 12, 0, 0, 1, tzinfo=datetime.UTC),
}


class TestOrder:
    @pytest.mark.parametrize(
        ("text", "order"),
        [
            ("name", Order("name", descending=False)),
            ("-name", Order("name", descending=True)),
            ("added", Order("added", descending=False)),
            ("-added", Order("added", descending=True)),
            ("", Order("added", descending=True)),
            ("--name", Order("added", descending=True)),
            ("email", Order("added", descending=True)),
            ("name; DROP TABLE", Order("added", descending=True)),
        ],
    )
    def test_is_read_from_the_address_and_else_the_newest_first(self, text: str, order: Order) -> None:
        assert Order.read(text) == order
        assert Order.read(str(order)) == order

    def test_a_head_chosen_again_turns_it_round(self) -> None:
        by_name = Order("name", descending=False)
        assert by_name.turned("name") == Order("name", descending=True)
        assert by_name.turned("name").turned("name") == by_name

    def test_another_head_begins_in_its_usual_direction(self) -> None:
        assert Order("added", descending=True).turned("name") == Order("name", descending=False)
        assert Order("name", descending=True).turned("added") == Order("added", descending=True)


class TestAddress:
    def test_keeps_filters_and_order_and_goes_to_the_first_page(self) -> None:
        query = QueryDict("status=active&sort=-name&after=7&before=8&last=1")
        assert address(query) == "?status=active&sort=-name"
        assert address(query, after=9) == "?status=active&sort=-name&after=9"
        assert address(query, sort="name") == "?status=active&sort=name"
        assert str(query.urlencode()).endswith("last=1"), "the query itself stays"

    def test_leaves_out_what_says_nothing(self) -> None:
        assert address(QueryDict("status=&source=&language=uk")) == "?language=uk"
        assert address(QueryDict("")) == "?"

    def test_of_a_column_head_keeps_the_filters_but_not_the_page(self) -> None:
        name, email = columns_of(["name", "email"], Order("name", descending=False), QueryDict("status=active&after=7"))
        assert (name.sort_url, name.direction, name.sortable) == ("?status=active&sort=-name", "asc", True)
        assert (email.sort_url, email.direction, email.sortable) == ("", "", False)


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def _small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listing, "PAGE_SIZE", 2)

    @staticmethod
    def page(query: str = "", order: str = "name") -> Page:
        contacts = Contact.objects.of_list(ContactList.default())
        return page_of(contacts, Order.read(order), QueryDict(query.removeprefix("?")), is_filtered=False)

    def names(self, query: str = "", order: str = "name") -> list[str]:
        return [row.last_name for row in self.page(query, order).rows]

    def test_are_reached_from_one_another_both_ways(self) -> None:
        for name in "edcba":
            ContactFactory.create(last_name=name)
        first = self.page()
        second = self.page(first.next_url)
        third = self.page(second.next_url)
        assert [[row.last_name for row in page.rows] for page in (first, second, third)] == [
            ["a", "b"],
            ["c", "d"],
            ["e"],
        ]
        assert (first.first_url, first.previous_url) == ("", "")
        assert (third.next_url, third.last_url) == ("", "")
        assert self.names(third.previous_url) == ["c", "d"]
        assert self.names(second.previous_url) == self.names(third.first_url) == ["a", "b"]
        assert self.names(first.last_url) == ["d", "e"]

    @settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(st.tuples(st.sampled_from("aбz"), st.sampled_from(sorted(ADDED))), max_size=9),
        st.sampled_from(["name", "-name", "added", "-added"]),
    )
    def test_show_everybody_once_and_the_same_backwards(self, names: list[tuple[str, str]], order: str) -> None:
        Contact.objects.all().delete()
        for last_name, first_name in names:
            ContactFactory.create(last_name=last_name, first_name=first_name, added_at=ADDED[first_name])
        forwards, page = [], self.page(order=order)
        while True:
            forwards += [row.pk for row in page.rows]
            if not page.next_url:
                break
            page = self.page(page.next_url, order)
        backwards: list[int] = []
        page = self.page("?last=1", order)
        while True:
            backwards = [row.pk for row in page.rows] + backwards
            if not page.previous_url:
                break
            page = self.page(page.previous_url, order)
        assert forwards == backwards
        assert sorted(forwards) == sorted(Contact.objects.values_list("pk", flat=True))

    @pytest.mark.parametrize("step", ["after", "before"])
    def test_where_one_stood_at_a_contact_that_has_gone_they_begin_anew(self, step: str) -> None:
        for name in "abcd":
            ContactFactory.create(last_name=name)
        gone = Contact.objects.get(last_name="c")
        gone.delete()
        assert self.names(f"{step}={gone.pk}") == ["a", "b"]

    @pytest.mark.parametrize("mark", ["abc", "-1", "9" * 18, "9" * 30, "1.5", "%00", "²", "'"])
    def test_nonsense_in_the_address_is_the_first_page(self, mark: str) -> None:
        for name in "abc":
            ContactFactory.create(last_name=name)
        assert self.names(f"after={mark}") == self.names(f"before={mark}") == ["a", "b"]

    def test_an_address_names_people_by_number_only(self) -> None:
        for _person in range(5):
            ContactFactory.create(last_name="Secret", email=f"secret{_person}@example.com")
        page = self.page(self.page().next_url)
        assert "ecret" not in "".join([page.first_url, page.previous_url, page.next_url, page.last_url])

    def test_of_nobody_have_no_neighbours(self) -> None:
        page = self.page()
        assert (page.rows, page.first_url, page.previous_url, page.next_url, page.last_url) == ([], "", "", "", "")


@pytest.mark.django_db
class TestCount:
    @pytest.fixture(autouse=True)
    def _count_to_three(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listing, "MOST_COUNTED", 3)

    @staticmethod
    def text(*, is_filtered: bool = False) -> str:
        return count_text(Contact.objects.of_list(ContactList.default()), is_filtered=is_filtered)

    def test_is_exact_for_a_few(self) -> None:
        assert self.text() == "0 contacts"
        ContactFactory.create()
        assert self.text() == "1 contact"
        ContactFactory.create_batch(2)
        assert self.text() == self.text(is_filtered=True) == "3 contacts"

    def test_of_more_is_about_right_and_never_less_than_was_counted(self) -> None:
        ContactFactory.create_batch(4)
        assert self.text() == self.text(is_filtered=True) == "about 3 contacts", "PostgreSQL knows nothing of them yet"

    def test_of_very_many_is_what_postgresql_estimates(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listing, "estimated", lambda _contacts: 1_200_000)
        monkeypatch.setattr(listing, "capped", lambda _contacts, most: most + 1)
        assert self.text() == self.text(is_filtered=True) == "about 1,200,000 contacts"

    def test_that_takes_too_long_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listing, "estimated", lambda _contacts: 2)
        monkeypatch.setattr(listing, "capped", lambda _contacts, _most: None)
        assert self.text(is_filtered=True) == "about 2 contacts"
