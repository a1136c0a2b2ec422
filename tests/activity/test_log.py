"""Activity Log → what was done."""

import ast
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activity import components, deeds
from activity.audit import Actor, record
from activity.log import SIZE
from activity.models import AuditEntry
from config.models import User
from config.settings import BASE_DIR
from contacts.models import Source
from notes.writing import add_note
from tests.factories import ContactFactory, NoteFactory, SourceFactory, TransferFactory

pytestmark = pytest.mark.django_db

URL = "/activity/log/"


def did(user: User | None, verb: str = "contact.edit", *, days: int = 0, **values: Any) -> AuditEntry:
    actor = Actor(user=user, name=user.username if user else "Rapport", ip="203.0.113.9")
    entry = record(actor=actor, verb=verb, **values)
    AuditEntry.objects.filter(pk=entry.pk).update(at=timezone.now() - datetime.timedelta(days=days))
    return entry


def shown(site: Client, query: str = "") -> list[AuditEntry]:
    return [row.entry for row in site.get(URL + query).context["rows"]]


@pytest.fixture
def office(signed_in: Callable[[User], Client], admin: User) -> Client:
    """An admin's browser."""
    return signed_in(admin)


def test_an_admin_sees_what_everybody_did_the_last_first(office: Client, marketer: User, support: User) -> None:
    entries = [did(marketer), did(support), did(None, "events.drop_month")]
    assert shown(office) == entries[::-1]


def test_others_see_what_they_did_themselves(site: Client, marketer: User, admin: User) -> None:
    mine, _theirs = did(marketer), did(admin)
    assert shown(site) == [mine]
    assert shown(site, f"?person={admin.pk}") == []
    assert admin.username not in site.get(URL).content.decode()


def test_support_has_no_log(signed_in: Callable[[User], Client], support: User) -> None:
    assert signed_in(support).get(URL).status_code == 403


@pytest.mark.parametrize(("query", "days"), [("", 6), ("?period=14", 13), ("?period=30", 29), ("?period=all", 6)])
def test_the_period_goes_so_many_days_back(query: str, days: int, office: Client, admin: User) -> None:
    entries = [did(admin, days=n) for n in (0, 6, 13, 29, 40)]
    assert shown(office, query) == [entry for entry, n in zip(entries, (0, 6, 13, 29, 40), strict=True) if n <= days]


def test_filters_by_person_and_action(office: Client, marketer: User, support: User) -> None:
    edited, added = did(marketer), did(marketer, "contact.add")
    theirs, nobodys = did(support), did(None)
    assert shown(office, f"?person={marketer.pk}") == [added, edited]
    assert shown(office, "?action=contact.add") == [added]
    assert shown(office, f"?person={support.pk}&action=contact.edit") == [theirs]
    assert shown(office, "?person=system") == [nobodys]
    assert len(shown(office, "?person=nonsense&action=nonsense")) == 4


def test_pages_go_on_behind_the_last_entry(office: Client, admin: User) -> None:
    entries = [did(admin) for _ in range(SIZE + 3)][::-1]
    at = timezone.now()
    AuditEntry.objects.update(at=at)
    first = office.get(URL)
    assert [row.entry for row in first.context["rows"]] == entries[:SIZE]
    assert shown(office, f"?{first.context['older']}") == entries[SIZE:]
    assert len(shown(office, "?after=999999999999999999999")) == SIZE


def test_who_when_from_where_and_to_whom(office: Client, marketer: User) -> None:
    contact = ContactFactory.create(first_name="Olga", last_name="<b>")
    did(marketer, of=contact, field="firstName")
    page = office.get(URL).content.decode()
    assert "Edited a contact" in page
    assert "First name" in page
    assert f'<a href="/contacts/{contact.pk}/" dir="auto">Olga &lt;b&gt;</a>' in page
    assert marketer.username in page
    assert "203.0.113.9" in page


def test_a_note_is_named_by_its_contact(office: Client, marketer: User) -> None:
    contact = ContactFactory.create(first_name="Olga")
    add_note(contact=contact, text="Private", actor=Actor(user=marketer, name="m"))
    page = office.get(URL).content.decode()
    assert "Wrote a note" in page
    assert f'href="/contacts/{contact.pk}/"' in page
    assert "Private" not in page


def test_what_is_gone_has_a_name_where_it_is_no_personal_one(office: Client, admin: User) -> None:
    source = SourceFactory.create(name="Fair")
    components.save(source, actor=Actor(user=admin, name="a"), fields=["name"])
    assert f'href="/admin/contacts/source/{source.pk}/change/"' in office.get(URL).content.decode()
    components.delete(source, actor=Actor(user=admin, name="a"))
    page = office.get(URL).content.decode()
    assert "Deleted source" in page
    assert page.count("Fair") == 2
    assert "/admin/contacts/source/" not in page


def test_a_marketer_gets_no_link_to_where_they_may_not_go(site: Client, marketer: User) -> None:
    components.save(Source(code="fair", name="Fair"), actor=Actor(user=marketer, name="m"), fields=["name"])
    did(marketer, "import.run", of=TransferFactory.create(source_name="secret.csv"))
    page = site.get(URL).content.decode()
    assert "Added source" in page
    assert "/admin/contacts" not in page
    assert "secret.csv" not in page


def test_an_empty_log_says_what_will_be_there(site: Client) -> None:
    assert "Nothing was done in the last 7 days" in site.get(URL).content.decode()
    assert "Nothing under these filters" in site.get(URL + "?action=contact.add").content.decode()


def test_htmx_gets_the_rows_alone(site: Client, marketer: User) -> None:
    did(marketer)
    fragment = site.get(URL, headers={"HX-Request": "true", "HX-Target": "rows"}).content.decode()
    assert fragment.strip().startswith('<div id="rows">')


def test_the_page_asks_the_database_as_often_for_many_as_for_one(
    office: Client, admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def everything() -> None:
        did(admin, of=ContactFactory.create())
        did(admin, "import.run", of=TransferFactory.create())
        did(admin, "note.add", of=(note := NoteFactory.create()), contact=note.contact_id)
        did(admin, "source.add", of=SourceFactory.create(), name="Fair")

    everything()
    with django_assert_num_queries(8):
        office.get(URL)
    for _ in range(5):
        everything()
    with django_assert_num_queries(8):
        assert len(shown(office)) == 24


def test_every_verb_that_is_written_has_words() -> None:
    known, written = {verb for verb, _words in deeds.known()}, set()
    for app in ("activity", "contacts", "notes", "subscriptions", "config"):
        for path in Path(BASE_DIR, app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                verb = node.value if isinstance(node, ast.keyword) and node.arg == "verb" else None
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "verb":
                    verb = node.value
                choices = [verb.body, verb.orelse] if isinstance(verb, ast.IfExp) else [verb]
                written |= {each.value for each in choices if isinstance(each, ast.Constant)}
    assert written
    assert written <= known
