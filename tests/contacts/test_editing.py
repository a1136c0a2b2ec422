"""A person changes one value of a contact, or adds a contact: what is kept, refused, recorded."""

import datetime
import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string

from activity.audit import Actor
from activity.catalogue import Channel, Origin, Status
from activity.models import AuditEntry
from config.models import User
from contacts.editables import Editable, editable
from contacts.editing import ADDED, EDITED, ChangedMeanwhile, Mistakes, Taken, add, edit
from contacts.identity import Invalid
from contacts.models import Contact, Source
from contacts.values import VALUES
from contacts.variable_types import for_people
from tests.factories import ContactFactory, ContactListFactory, SourceFactory, UserFactory, VariableFactory
from tests.odd_strings import odd_strings

pytestmark = pytest.mark.django_db
ANYBODY = Actor(name="marta")


def change(contact: Contact, name: str, text: str, *, seen: str | None = None, actor: Actor = ANYBODY) -> bool:
    value = editable(name)
    assert value, name
    done = edit(contact, value=value, text=text, seen=seen, actor=actor)
    contact.refresh_from_db()
    return done


def shown(contact: Contact, name: str) -> str:
    value = editable(name)
    assert value, name
    return value.text(contact)


WRITTEN: list[tuple[str, str, Any]] = [
    ("firstName", "  Ольга ", "Ольга"),
    ("lastName", "O’Brien", "O’Brien"),
    ("userId", " 00123", "00123"),
    ("email", "Olga@ПРИКЛАД.укр", "olga@xn--80aikifvh.xn--j1amh"),
    ("phoneNumber", "067 123 45 67", "+380671234567"),
    ("birthday", "1990-05-06", datetime.date(1990, 5, 6)),
    ("gender", "female", 2),
    ("language", "Ukrainian", "uk"),
    ("timezone", "+3", "+03:00"),
    ("avatarUrl", "https://Pictures.example.com/A.png", "https://pictures.example.com/A.png"),
]


@pytest.mark.parametrize(("name", "text", "kept"), WRITTEN)
def test_a_value_is_kept_in_the_form_that_an_import_would_keep(name: str, text: str, kept: Any) -> None:
    contact = ContactFactory.create()
    assert change(contact, name, text)
    assert getattr(contact, VALUES[name].attribute) == kept


@pytest.mark.parametrize(("name", "text", "kept"), WRITTEN)
def test_what_a_form_shows_is_read_as_the_same_value(name: str, text: str, kept: Any) -> None:
    contact = ContactFactory.create()
    change(contact, name, text)
    assert not change(contact, name, shown(contact, name))


def test_a_source_is_chosen_by_its_id_or_its_name() -> None:
    fair: Source = SourceFactory.create(code="fair26", name="Autumn fair")
    contact = ContactFactory.create()
    for text in ("fair26", "autumn FAIR"):
        change(contact, "source", text)
        assert contact.source == fair
        change(contact, "source", "")
        assert contact.source is None
    with pytest.raises(Invalid, match="not registered in Components"):
        change(contact, "source", "Nowhere")


@pytest.mark.parametrize(
    ("type_", "text", "kept"),
    [
        ("string", " 00123 ", " 00123 "),
        ("string", "two\r\nlines", "two\nlines"),
        ("number", "1 234,50", Decimal("1234.5")),
        ("date", "05/06/1990", None),
        ("date", "1990-06-05", "1990-06-05"),
        ("boolean", "false", False),
        ("boolean", "so", None),
    ],
)
def test_a_variable_is_read_by_its_type(type_: str, text: str, kept: Any) -> None:
    VariableFactory.create(name="v", type=type_)
    contact = ContactFactory.create(variables={"other": "stays"})
    if kept is None:
        with pytest.raises(Invalid):
            change(contact, "v", text)
        assert contact.variables == {"other": "stays"}
    else:
        change(contact, "v", text)
        assert contact.variables == {"other": "stays", "v": kept}
        assert not change(contact, "v", shown(contact, "v"))
        change(contact, "v", "  ")
        assert contact.variables == {"other": "stays"}


def test_a_variable_whose_type_has_changed_meanwhile_is_not_written_by_the_old_one() -> None:
    definition = VariableFactory.create(name="v", type="string")
    contact = ContactFactory.create()
    opened = editable("v")
    assert opened
    definition.type = "number"
    definition.save()
    with pytest.raises(Invalid, match="another type"):
        edit(contact, value=opened, text="x", seen="", actor=ANYBODY)
    definition.delete()
    with pytest.raises(Invalid, match="deleted meanwhile"):
        edit(contact, value=opened, text="x", seen="", actor=ANYBODY)
    contact.refresh_from_db()
    assert contact.variables == {}


def test_only_what_is_a_value_can_be_edited() -> None:
    for name in ("addedAt", "updatedAt", "lastUpdate", "contactScore", "id", "is_active", "nothing"):
        assert editable(name) is None


def test_an_edit_is_no_update_by_the_api_or_an_import() -> None:
    contact = ContactFactory.create()
    modified_at = contact.modified_at
    change(contact, "firstName", "Olga")
    assert (contact.updated_at, contact.updated_via, contact.added_via) == (None, "", "import")
    assert contact.modified_at > modified_at


def test_clearing_a_value_leaves_what_a_contact_without_it_has() -> None:
    contact = ContactFactory.create(
        first_name="Olga",
        birthday=datetime.date(1990, 1, 1),
        gender=2,
        language="uk",
        user_id="u-1",
        phone="+380671234567",
    )
    for name in ("firstName", "birthday", "gender", "language", "userId", "phoneNumber"):
        assert change(contact, name, "  ")
    assert (contact.first_name, contact.birthday, contact.gender, contact.language) == ("", None, 0, "")
    assert (contact.user_id, contact.phone) == (None, None)


def test_a_text_with_old_line_breaks_can_be_edited_as_a_form_brings_it_back() -> None:
    VariableFactory.create(name="v")
    contact = ContactFactory.create(variables={"v": "a\rb"})
    assert change(contact, "v", "a\r\nb\r\nc", seen="a\r\nb")
    assert contact.variables == {"v": "a\nb\nc"}


def test_the_last_identifier_stays() -> None:
    contact = ContactFactory.create(email="olga@example.com")
    with pytest.raises(Invalid, match="needs an ID, an email or a phone number"):
        change(contact, "email", "")
    assert Contact.objects.get().email == "olga@example.com"


class TestIdentifiersOfOthers:
    @pytest.mark.parametrize(
        ("name", "text"), [("userId", "u-1"), ("email", "OLGA@example.com"), ("phoneNumber", "0671234567")]
    )
    def test_are_refused_and_their_owner_is_named(self, name: str, text: str) -> None:
        owner = ContactFactory.create(user_id="u-1", email="olga@example.com", phone="+380671234567")
        contact = ContactFactory.create()
        with pytest.raises(Taken) as taken:
            change(contact, name, text)
        assert taken.value.owner == owner
        assert not AuditEntry.objects.filter(verb=EDITED).exists()

    def test_on_another_list_are_free(self) -> None:
        ContactFactory.create(email="olga@example.com", contact_list=ContactListFactory.create())
        assert change(ContactFactory.create(), "email", "olga@example.com")


class TestTwoAtOnce:
    def test_what_somebody_else_has_written_meanwhile_is_not_lost(self) -> None:
        contact = ContactFactory.create(first_name="Olga")
        change(contact, "firstName", "Olena", seen="Olga", actor=Actor(name="support.sam"))
        with pytest.raises(ChangedMeanwhile) as theirs:
            change(contact, "firstName", "Oksana", seen="Olga")
        assert (theirs.value.text, theirs.value.by) == ("Olena", "support.sam")
        assert change(contact, "firstName", "Oksana", seen="Olena")

    def test_an_import_meanwhile_is_told_as_one(self) -> None:
        contact = ContactFactory.create(first_name="Olga")
        change(contact, "firstName", "Olena", seen="Olga")
        at = contact.modified_at + datetime.timedelta(minutes=1)
        Contact.objects.update(first_name="Olha", updated_at=at, updated_via="import")
        with pytest.raises(ChangedMeanwhile) as theirs:
            change(contact, "firstName", "Oksana", seen="Olena")
        assert (theirs.value.text, theirs.value.by, theirs.value.at) == ("Olha", "", at)

    def test_the_same_change_twice_is_one(self) -> None:
        contact = ContactFactory.create(first_name="Olga")
        assert change(contact, "firstName", "Olena", seen="Olga")
        assert not change(contact, "firstName", "Olena", seen="Olga")
        assert AuditEntry.objects.filter(verb=EDITED).count() == 1

    def test_different_values_do_not_stand_in_each_others_way(self) -> None:
        contact = ContactFactory.create(first_name="Olga", last_name="Petrenko")
        VariableFactory.create(name="v")
        change(contact, "firstName", "Olena", seen="Olga")
        change(contact, "v", "x", seen="")
        assert change(contact, "lastName", "Kovalenko", seen="Petrenko")


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each work returns or raises, all begun at the same time on connections of their own."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - it is what the test is about
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.django_db(transaction=True)
class TestRealTransactions:
    def test_of_ten_who_take_an_identifier_one_gets_it(self) -> None:
        contacts = ContactFactory.create_batch(10)
        done = at_once(*(lambda contact=c: change(contact, "userId", "u-1") for c in contacts))
        assert done.count(True) == 1
        assert sum(isinstance(error, Taken) for error in done) == 9
        assert Contact.objects.filter(user_id="u-1").count() == 1

    def test_of_ten_who_change_a_value_one_does_and_the_others_are_told(self) -> None:
        contact = ContactFactory.create(first_name="Olga")
        works = [
            lambda name=f"Olga {n}": change(Contact.objects.get(), "firstName", name, seen="Olga") for n in range(10)
        ]
        done = at_once(*works)
        assert done.count(True) == 1
        assert sum(isinstance(error, ChangedMeanwhile) for error in done) == 9
        assert AuditEntry.objects.filter(verb=EDITED, object_id=contact.pk).count() == 1

    def test_of_ten_who_add_the_same_person_one_does(self) -> None:
        done = at_once(*(lambda: add({"email": "olga@example.com"}, actor=ANYBODY) for _n in range(10)))
        (contact,) = Contact.objects.all()
        assert done.count(contact) == 1
        mistakes = [error.found["email"] for error in done if isinstance(error, Mistakes)]
        assert [error.owner for error in mistakes if isinstance(error, Taken)] == [contact] * 9

    def test_different_values_changed_at_once_are_all_kept(self) -> None:
        contact = ContactFactory.create()
        for n in range(8):
            VariableFactory.create(name=f"v{n}")
        done = at_once(*(lambda name=f"v{n}": change(Contact.objects.get(), name, "x", seen="") for n in range(8)))
        assert done == [True] * 8
        contact.refresh_from_db()
        assert contact.variables == {f"v{n}": "x" for n in range(8)}


class TestAudit:
    def test_tells_who_changed_which_value_from_where(self, marketer: User) -> None:
        contact = ContactFactory.create()
        change(contact, "firstName", "Olga", actor=Actor(user=marketer, name=marketer.username, ip="192.0.2.7"))
        entry = AuditEntry.objects.get(verb=EDITED)
        assert (entry.actor_id, entry.actor_name, entry.ip) == (marketer.pk, marketer.username, "192.0.2.7")
        assert (entry.object_type, entry.object_id) == ("contacts.contact", contact.pk)
        assert entry.details == {"field": "firstName"}

    def test_has_values_only_where_they_are_not_personal(self) -> None:
        SourceFactory.create(code="fair26")
        VariableFactory.create(name="secret")
        contact = ContactFactory.create()
        texts = [(name, text) for name, text, _kept in WRITTEN] + [("source", "fair26"), ("secret", "a diagnosis")]
        for name, text in texts:
            change(contact, name, text)
        details = {entry.details["field"]: entry.details for entry in AuditEntry.objects.filter(verb=EDITED)}
        assert details.pop("source") == {"field": "source", "from": "", "to": "fair26"}
        assert details == {name: {"field": name} for name, _text in texts if name != "source"}

    def test_is_not_written_for_what_changes_nothing(self) -> None:
        contact = ContactFactory.create(first_name="Olga")
        assert not change(contact, "firstName", " Olga ")
        assert not AuditEntry.objects.filter(verb=EDITED).exists()


class TestAdding:
    def test_a_contact_of_the_default_list_by_hand(self) -> None:
        contact = add({name: text for name, text, _kept in WRITTEN}, actor=ANYBODY)
        contact.refresh_from_db()
        assert {name: getattr(contact, VALUES[name].attribute) for name, _text, _kept in WRITTEN} == {
            name: kept for name, _text, kept in WRITTEN
        }
        assert (contact.added_via, contact.updated_at, contact.contact_list.is_default) == ("hand", None, True)
        assert AuditEntry.objects.get(verb=ADDED).details == {}
        (event,) = contact.events.all()
        assert (event.kind, event.data) == ((Channel.CONTACT, Origin.ADDED, Status.NONE), {"by": ANYBODY.name})

    def test_every_mistake_is_told_at_once(self) -> None:
        owner = ContactFactory.create(user_id="u-1")
        with pytest.raises(Mistakes) as mistakes:
            add({"userId": "u-1", "email": "olga@", "gender": "blue"}, actor=ANYBODY)
        found = mistakes.value.found
        assert set(found) == {"userId", "email", "gender"}
        assert isinstance(found["userId"], Taken)
        assert found["userId"].owner == owner
        assert Contact.objects.count() == 1

    def test_somebody_without_an_identifier_cannot_be_kept(self) -> None:
        with pytest.raises(Mistakes) as mistakes:
            add({"firstName": "Olga", "email": " "}, actor=ANYBODY)
        assert mistakes.value.found["userId"].code == "no_identifier"

    def test_one_that_cannot_be_read_is_the_only_mistake(self) -> None:
        with pytest.raises(Mistakes) as mistakes:
            add({"email": "olga@"}, actor=ANYBODY)
        assert set(mistakes.value.found) == {"email"}


def shown_on_the_page(contact: Contact, value: Editable) -> str:
    """The text that a browser makes of a value's place on the profile, without what stands small beside it."""
    context = {"contact": contact, "text": for_people(contact.variables.get(value.name))}
    page = render_to_string(value.template, context)
    if text := re.search(r"<bdi[^>]*>(.*)</bdi>", page, re.DOTALL):
        return html.unescape(text[1])
    plain = re.sub(r"<small>.*?</small>|<[^>]*>", "", page, flags=re.DOTALL)
    return " ".join(plain.split()).removeprefix("— ").removeprefix("—")


def as_people_read(contact: Contact, value: Editable) -> str:
    special = {
        "phoneNumber": contact.phone_for_people,
        "source": contact.source and contact.source.name,
        "timezone": contact.timezone_offset,
    }
    return special.get(value.name) or value.text(contact) or {"text": "empty"}.get(value.name, "not known")


@pytest.mark.parametrize("name", [*VALUES, "text"])
def test_what_nobody_can_see_is_refused_and_clears_nothing(name: str) -> None:
    VariableFactory.create(name="text", type="string")
    value, contact = editable(name), ContactFactory.create(user_id="u-0", variables={"text": "kept"})
    assert value
    before = value.text(contact)
    with pytest.raises(Invalid, match="only invisible characters"):
        value.set(contact, "\u200b\ufeff")
    assert value.text(contact) == before


@pytest.mark.parametrize("name", [*VALUES, "text"])
def test_odd_strings_are_kept_exactly_or_refused_with_a_reason(name: str) -> None:
    VariableFactory.create(name="text", type="string")
    contact = ContactFactory.create(user_id="u-0")
    value = editable(name)
    assert value
    kept, reasons = [], []
    for text in odd_strings():
        try:
            value.set(contact, text)
        except Invalid as error:
            reasons.append(str(error))
            continue
        contact.save()
        contact.refresh_from_db()
        assert not value.set(contact, value.text(contact)), f"{text!r} is read otherwise when it is edited again"
        kept.append(text)
        assert shown_on_the_page(contact, value) == as_people_read(contact, value)
        if name == "text" and text.strip():
            assert contact.variables["text"] == text.replace("\r\n", "\n").replace("\r", "\n")
    assert len(kept) + len(reasons) == len(odd_strings())
    assert all(reason.strip() for reason in reasons)


def test_a_user_who_has_gone_is_still_named(marketer: User) -> None:
    user: User = UserFactory.create(username="marta")
    contact = ContactFactory.create()
    change(contact, "firstName", "Olga", actor=Actor(user=user, name=user.username))
    user.delete()
    entry = AuditEntry.objects.get(verb=EDITED)
    assert (entry.actor, entry.actor_name) == (None, "marta")
