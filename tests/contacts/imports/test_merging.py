"""Chunks merged set by set end as rows merged one after the other would."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity.catalogue import Channel, Origin, Status
from activity.models import Event
from contacts.imports.mapping import Column, Mapping
from contacts.imports.merging import Merger
from contacts.imports.parsing import RowParser
from contacts.imports.reading import Row
from contacts.models import Contact, ContactList, Source
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db

TARGETS = ("userId", "email", "phoneNumber", "firstName")
USER_IDS = ("u1", "u2", "u3")
EMAILS = ("a@example.com", "b@example.com", "c@example.com")
PHONES = ("+380501111111", "+380502222222", "+380503333333")


def mapping(*, clear_blanks: bool = False, source_id: int | None = None) -> Mapping:
    columns = [Column(index, target, target=target) for index, target in enumerate(TARGETS)]
    columns.append(Column(4, "city", variable="city", type="string"))
    return Mapping(width=5, columns=columns, clear_blanks=clear_blanks, source_id=source_id)


def merge(
    rows: list[list[str]], *, rehearsal: bool = False, how: Mapping | None = None, chunk: int = 0
) -> Counter[str]:
    """Merges rows as an import would and returns the counts."""
    how = how or mapping()
    merger = Merger(how, ContactList.default(), since=timezone.now(), rehearsal=rehearsal)
    counts: Counter[str] = Counter()
    parser = RowParser(how, region="UA", sources={})
    with merger.staged():
        for part in parser.chunks((Row(n, cells) for n, cells in enumerate(rows, 2))):
            outcome = merger.merge(part)
            counts.update(
                new=outcome.new, updated=outcome.updated, unchanged=outcome.unchanged, repeated=outcome.repeated
            )
            counts["refused"] += len(part.refusals) + len(outcome.refusals)
    return +counts


def contacts() -> set[tuple[Any, ...]]:
    rows = Contact.objects.values_list("user_id", "email", "phone", "first_name", "variables")
    return {(*row[:4], row[4].get("city", "")) for row in rows}


@dataclass
class OneByOne:
    """What an import means, written without a database: the oracle."""

    people: list[dict[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, rows: list[list[str]]) -> None:
        before: list[str] | None = None
        lines: list[list[str]] = []
        for row in rows:
            if before is not None and before[:3] == row[:3]:
                lines[-1] = [new or old for old, new in zip(lines[-1], row, strict=True)]
                self.counts["repeated"] += 1
            else:
                lines.append(row)
            before = row
        sizes = Counter(map(id, lines))
        for line in lines:
            self.one(line, sizes[id(line)])

    def one(self, row: list[str], _size: int) -> None:
        given_ids = {name: value for name, value in zip(("user_id", "email", "phone"), row, strict=False) if value}
        found = {name: next((p for p in self.people if p.get(name) == v), None) for name, v in given_ids.items()}
        owners = [person for person in found.values() if person is not None]
        values = given_ids | {k: v for k, v in zip(("first_name", "city"), row[3:], strict=True) if v}
        if not owners:
            self.people.append(values)
            self.counts["new"] += 1
            return
        person = owners[0]
        if any(owner is not person for owner in owners) or self.would_replace(person, given_ids, found):
            self.counts["refused"] += 1
            return
        self.counts["updated" if any(person.get(k) != v for k, v in values.items()) else "unchanged"] += 1
        person.update(values)

    @staticmethod
    def would_replace(person: dict[str, str], given_ids: dict[str, str], found: dict[str, Any]) -> bool:
        if found.get("user_id"):
            return False
        if "user_id" in given_ids and person.get("user_id"):
            return True
        return not found.get("email") and "email" in given_ids and bool(person.get("email"))

    def contacts(self) -> set[tuple[Any, ...]]:
        names = ("user_id", "email", "phone")
        return {(*(p.get(name) for name in names), p.get("first_name", ""), p.get("city", "")) for p in self.people}


rows_of_few_people = st.lists(
    st.tuples(
        st.sampled_from(["", *USER_IDS]),
        st.sampled_from(["", *EMAILS]),
        st.sampled_from(["", *PHONES]),
        st.sampled_from(["", "Olena", "Ivan"]),
        st.sampled_from(["", "Kyiv", "Lviv"]),
    )
    .map(list)
    .filter(lambda row: any(row[:3])),
    max_size=12,
)


@given(before=rows_of_few_people, rows=rows_of_few_people)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_merged_at_once_end_as_rows_merged_one_by_one(before: list[list[str]], rows: list[list[str]]) -> None:
    oracle = OneByOne()
    with transaction.atomic():
        oracle.take(before)
        merge(before)
        assert contacts() == oracle.contacts()
        oracle.counts.clear()
        oracle.take(rows)
        rehearsed = merge(rows, rehearsal=True)
        merged = merge(rows)
        expected = Counter(oracle.counts)
        # A repeat of a refused row is refused with it.
        repeats = expected.pop("repeated", 0)
        assert merged == rehearsed
        assert {k: merged[k] for k in ("new", "updated", "unchanged")} == {
            k: expected[k] for k in ("new", "updated", "unchanged")
        }
        assert merged["refused"] + merged["repeated"] == expected["refused"] + repeats
        assert contacts() == oracle.contacts()
        transaction.set_rollback(True)


def test_rehearsal_changes_nothing() -> None:
    merge([["u1", "a@example.com", "", "Olena", ""]])
    counts = merge([["u1", "", "", "Ivan", ""], ["u2", "", "", "", ""]], rehearsal=True)
    assert counts == {"updated": 1, "new": 1}
    assert contacts() == {("u1", "a@example.com", None, "Olena", "")}


def test_who_is_new_has_one_event_of_being_added_and_nobody_else_has() -> None:
    known = ContactFactory.create(user_id="u1")
    rows = [["u1", "", "", "Olena"], ["u2", "", "", "Ivan"], ["u2", "b@example.com", "", ""], ["", "c@example.com"]]
    merge([[*row, "", "", ""][:5] for row in rows], chunk=1)
    added = Event.objects.values_list("contact__user_id", "contact__email", "channel", "origin", "status", "data")
    kind = (Channel.CONTACT, Origin.ADDED, Status.NONE, {"by": "import"})
    assert sorted(added, key=str) == [("u2", "b@example.com", *kind), (None, "c@example.com", *kind)][::1]
    assert not Event.objects.filter(contact=known).exists()


def test_a_rehearsal_tells_of_no_contact() -> None:
    merge([["u1", "", "", "", ""]], rehearsal=True)
    assert not Event.objects.exists()


def test_same_rows_again_change_nothing() -> None:
    rows = [["u1", "a@example.com", PHONES[0], "Olena", "Kyiv"], ["u2", "", "", "", ""]]
    assert merge(rows) == {"new": 2}
    modified = list(Contact.objects.values_list("updated_at", "modified_at"))
    assert merge(rows) == {"unchanged": 2}
    assert list(Contact.objects.values_list("updated_at", "modified_at")) == modified


def test_update_says_when_and_by_what() -> None:
    merge([["u1", "", "", "Olena", ""]])
    assert Contact.objects.get().updated_at is None
    merge([["u1", "", "", "Ivan", ""]])
    contact = Contact.objects.get()
    assert contact.updated_at is not None
    assert (contact.added_via, contact.updated_via) == ("import", "import")


def test_identifiers_of_two_contacts_refuse_the_row_and_change_neither() -> None:
    merge([["u1", "a@example.com", "", "Olena", ""], ["u2", "b@example.com", "", "Ivan", ""]])
    before = contacts()
    assert merge([["u1", "b@example.com", "", "Mix", ""]]) == {"refused": 1}
    assert contacts() == before


def test_an_email_can_be_changed_by_the_id_but_an_id_not_by_the_email() -> None:
    merge([["u1", "a@example.com", "", "", ""]])
    assert merge([["u1", "b@example.com", "", "", ""]]) == {"updated": 1}
    assert merge([["u2", "b@example.com", "", "", ""]]) == {"refused": 1}
    assert contacts() == {("u1", "b@example.com", None, "", "")}


def test_people_who_share_a_switchboard_number_stay_different_people() -> None:
    rows = [["", f"p{n}@example.com", PHONES[0], "", ""] for n in range(700)]
    counts = merge(rows)
    assert counts == {"new": 1, "refused": 699}


def test_blank_cells_leave_what_is_there() -> None:
    merge([["u1", "a@example.com", "", "Olena", "Kyiv"]])
    assert merge([["u1", "", "", "", ""]]) == {"unchanged": 1}
    assert contacts() == {("u1", "a@example.com", None, "Olena", "Kyiv")}


def test_blank_cells_clear_when_asked_but_never_an_identifier() -> None:
    merge([["u1", "a@example.com", "", "Olena", "Kyiv"]])
    assert merge([["u1", "", "", "", ""]], how=mapping(clear_blanks=True)) == {"updated": 1}
    assert contacts() == {("u1", "a@example.com", None, "", "")}
    assert Contact.objects.get().variables == {}


def test_source_for_all_is_given_to_those_without_one() -> None:
    first, second = Source.objects.create(code="fair", name="Fair"), Source.objects.create(code="web", name="Web")
    merge([["u1", "", "", "", ""]], how=mapping(source_id=first.pk))
    merge([["u1", "", "", "", ""], ["u2", "", "", "", ""]], how=mapping(source_id=second.pk))
    assert dict(Contact.objects.values_list("user_id", "source__code")) == {"u1": "fair", "u2": "web"}


def test_special_characters_of_copy_arrive_as_written() -> None:
    city = "tab\tnew\nline\r\\N back\\slash \"quotes\" 'single' {{ x }} <script> 👨‍👩‍👧"
    merge([["u1", "", "", "", city]])
    assert Contact.objects.get().variables == {"city": city}


def test_neighbouring_rows_of_one_person_are_one_change() -> None:
    counts = merge([["u1", "", "", "Olena", ""], ["u1", "", "", "", "Kyiv"], ["u1", "", "", "Ivan", ""]])
    assert counts == {"new": 1, "repeated": 2}
    assert contacts() == {("u1", None, None, "Ivan", "Kyiv")}
