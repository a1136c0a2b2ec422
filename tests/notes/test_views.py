"""The Notes tab: reading, adding and deleting notes, each by whom the table of roles allows."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activity.models import AuditEntry
from config.models import User
from config.roles import ADMIN, MARKETER, SUPPORT
from contacts.models import Contact
from notes import views
from notes.models import MOST_NOTES, Note
from notes.text import MOST_CHARACTERS
from notes.writing import add_note
from tests.factories import ContactFactory, ContactListFactory, NoteFactory, UserFactory
from tests.odd_strings import odd_strings

pytestmark = pytest.mark.django_db

EVERYBODY = [MARKETER, SUPPORT, ADMIN]


class Shown(HTMLParser):
    """The texts of the notes on a page, and the links in them, as a browser reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "p":
            self.inside = dict(attrs).get("class") == "note-text"
            self.texts += [""] * self.inside
        elif self.inside:
            assert tag == "a", f"A note brought <{tag}> into the page"
            self.links.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data


def address(contact: Contact) -> str:
    return f"/contacts/{contact.pk}/notes/"


def deletion(note: Note) -> str:
    return f"/contacts/{note.contact_id}/notes/{note.pk}/deletion/"


def page(site: Client, contact: Contact) -> str:
    response = site.get(address(contact))
    assert response.status_code == 200
    return response.content.decode()


def add(site: Client, contact: Contact, text: str, **more: str) -> Any:
    return site.post(address(contact), {"text": text, **more})


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


class TestReading:
    def test_a_note_is_shown_with_its_author_and_time_the_newest_first(self, site: Client) -> None:
        contact = ContactFactory.create()
        for text in ("first", "second"):
            NoteFactory.create(contact=contact, text=text, author_name="Марта <b>")
        html = page(site, contact)
        assert Shown(html).texts == ["second", "first"]
        assert "Марта &lt;b&gt;" in html
        assert "<time datetime=" in html.partition('id="note-list"')[2]

    def test_a_contact_without_notes_says_what_they_are_for(self, site: Client) -> None:
        assert "No notes yet" in page(site, ContactFactory.create())

    def test_the_tab_has_their_number(self, site: Client) -> None:
        contact = ContactFactory.create()
        NoteFactory.create_batch(2, contact=contact)
        NoteFactory.create()
        tabs = {tab.key: (tab.count, tab.current) for tab in site.get(address(contact)).context["tabs"]}
        assert tabs["notes"] == (2, True)

    def test_links_lead_out_without_telling_from_where(self, site: Client) -> None:
        note = NoteFactory.create(text='See https://example.com/?a=1&b="x"\njavascript:alert(1)')
        [link] = Shown(page(site, note.contact)).links
        assert link == {"href": "https://example.com/?a=1&b=", "rel": "noopener noreferrer nofollow ugc"}

    def test_contacts_of_other_lists_have_none_and_the_page_says_why(self, site: Client) -> None:
        note = NoteFactory.create(contact=ContactFactory.create(contact_list=ContactListFactory.create()))
        for response in (site.get(address(note.contact)), add(site, note.contact, "a"), site.post(deletion(note))):
            assert response.status_code == 404
            assert "Only contacts of the Default Contact List have a profile." in response.content.decode()
        assert Note.objects.count() == 1

    def test_it_asks_the_database_equally_often_whatever_there_is(
        self, site: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        contact = ContactFactory.create()
        for _note in range(MOST_NOTES + 1):
            with django_assert_num_queries(5):
                page(site, contact)
            if Note.objects.on(contact).count() < MOST_NOTES:
                NoteFactory.create(contact=contact, author=UserFactory.create())


class TestAdding:
    @pytest.mark.parametrize("role", EVERYBODY)
    def test_is_for_everybody_and_bears_their_name(self, role: str, signed_in: Callable[[User], Client]) -> None:
        user = UserFactory.create(role=role, first_name="Olga", last_name="Petrenko")
        contact = ContactFactory.create()
        response = add(signed_in(user), contact, "Call after six")
        assert (response.status_code, response["Location"]) == (302, address(contact))
        assert said(response) == ["The note is added."]
        note = Note.objects.get()
        assert (note.text, note.author, note.author_name) == ("Call after six", user, "Olga Petrenko")
        assert AuditEntry.objects.get().verb == "note.add"

    def test_is_refused_to_who_may_only_read(self, signed_in: Callable[[User], Client], support: User) -> None:
        Group.objects.get(name=SUPPORT).permissions.remove(*_permissions("add_note"))
        site, contact = signed_in(support), ContactFactory.create()
        assert "<textarea" not in page(site, contact)
        assert add(site, contact, "a").status_code == 403
        assert not Note.objects.exists()

    @pytest.mark.parametrize("character", ["x", "👨‍👩‍👧‍👦", "e\u0301", "ش", "ע", "क्ष"])
    def test_ends_at_500_characters_as_people_count_and_keeps_what_is_too_long_in_the_form(
        self, character: str, site: Client
    ) -> None:
        contact = ContactFactory.create()
        for count in (MOST_CHARACTERS - 1, MOST_CHARACTERS):
            assert add(site, contact, character * count).status_code == 302
        response = add(site, contact, character * (MOST_CHARACTERS + 1))
        html = response.content.decode()
        assert "A note can have 500 characters, this one has 501." in html
        assert character * (MOST_CHARACTERS + 1) in html
        assert {note.characters for note in Note.objects.on(contact)} == {499, 500}

    @pytest.mark.parametrize(
        ("text", "reason"),
        [("", "nothing to be seen"), (" \n\u200b", "nothing to be seen"), ("a\0", "null character")],
    )
    def test_of_what_cannot_be_kept_says_why(self, text: str, reason: str, site: Client) -> None:
        response = add(site, ContactFactory.create(), text)
        assert response.status_code == 200
        assert reason in response.content.decode()
        assert not Note.objects.exists()

    def test_of_a_sixth_sends_those_who_may_delete_none_to_who_may(
        self, signed_in: Callable[[User], Client], support: User
    ) -> None:
        contact = ContactFactory.create()
        NoteFactory.create_batch(MOST_NOTES, contact=contact)
        assert "ask a marketer or an admin to delete one" in page(signed_in(support), contact)
        Note.objects.filter(slot=1).update(author=support)
        assert "To write another one, delete one first." in page(signed_in(support), contact)

    def test_of_a_sixth_says_what_to_do_and_keeps_the_text(self, site: Client) -> None:
        contact = ContactFactory.create()
        NoteFactory.create_batch(MOST_NOTES, contact=contact)
        assert "all 5 are there" in page(site, contact)
        assert "To write another one, delete one first." in page(site, contact)
        assert "<textarea" not in page(site, contact)
        html = add(site, contact, "Written while another one was added").content.decode()
        assert "Five notes are there already. One of them has to be deleted before this one can be added." in html
        assert "Written while another one was added</textarea>" in html
        assert Note.objects.on(contact).count() == MOST_NOTES

    def test_twice_by_one_form_makes_one_note(self, site: Client) -> None:
        contact = ContactFactory.create()
        key = str(site.get(address(contact)).context["form"]["key"].value())
        for _time in range(2):
            assert add(site, contact, "once", key=key).status_code == 302
        assert Note.objects.count() == 1
        assert str(site.get(address(contact)).context["form"]["key"].value()) != key

    @pytest.mark.parametrize("key", ["", "nonsense", "\0"])
    def test_without_a_key_works_too(self, key: str, site: Client) -> None:
        assert add(site, ContactFactory.create(), "a", key=key).status_code == 302

    def test_from_elsewhere_is_refused(self, marketer: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(marketer)
        assert add(client, ContactFactory.create(), "a").status_code == 403


def test_odd_strings_are_shown_exactly_as_written_or_refused_with_a_reason(site: Client) -> None:
    """Some of them; the verb and the browser take all, each in its own tests."""
    some = odd_strings()[::5]
    refused = 0
    shown: list[str] = []
    contact = ContactFactory.create()
    for text in some:
        if Note.objects.on(contact).count() == MOST_NOTES:
            assert Shown(page(site, contact)).texts == shown[::-1]
            contact, shown = ContactFactory.create(), []
        response = add(site, contact, text)
        if response.status_code == 302:
            shown.append(text.replace("\r\n", "\n").replace("\r", "\n"))
        else:
            assert any(reason in response.content.decode() for reason in ("nothing to be seen", "null character"))
            refused += 1
    assert Shown(page(site, contact)).texts == shown[::-1]
    assert 0 < refused < len(some) / 5
    assert Note.objects.count() == len(some) - refused


class TestDeleting:
    @pytest.mark.parametrize("whose", ["own", "another's", "nobody's"])
    @pytest.mark.parametrize("role", EVERYBODY)
    def test_is_for_who_wrote_it_and_marketers_and_admins(
        self, role: str, whose: str, signed_in: Callable[[User], Client]
    ) -> None:
        user = UserFactory.create(role=role)
        author = {"own": user, "another's": UserFactory.create(role=role), "nobody's": None}[whose]
        note = NoteFactory.create(author=author)
        site, may = signed_in(user), whose == "own" or role != SUPPORT

        assert (deletion(note) in page(site, note.contact)) == may
        response = site.post(deletion(note))

        assert response.status_code == (302 if may else 403)
        assert Note.objects.exists() == (not may)
        assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["note.delete"] * may
        if may:
            assert response["Location"] == address(note.contact)
            assert said(response) == ["The note is deleted."]

    def test_asks_first_and_by_a_form_alone(self, site: Client) -> None:
        note = NoteFactory.create()
        html = page(site, note.contact)
        assert "Delete this note? It cannot be brought back." in html
        assert f'method="post" action="{deletion(note)}"' in html
        assert site.get(deletion(note)).status_code == 405
        assert Note.objects.exists()

    def test_of_what_has_gone_already_says_so(self, site: Client) -> None:
        note = NoteFactory.create()
        site.post(deletion(note))
        response = site.post(deletion(note), follow=True)
        assert "This note has been deleted already." in response.content.decode()

    def test_by_the_address_of_another_contact_deletes_nothing(self, site: Client) -> None:
        note = NoteFactory.create()
        site.post(f"{address(ContactFactory.create())}{note.pk}/deletion/")
        assert Note.objects.exists()

    def test_makes_room_again(self, site: Client) -> None:
        contact = ContactFactory.create()
        notes = NoteFactory.create_batch(MOST_NOTES, contact=contact)
        site.post(deletion(notes[2]))
        assert add(site, contact, "sixth").status_code == 302
        assert Note.objects.on(contact).count() == MOST_NOTES


def test_a_note_stays_with_its_name_when_the_authors_account_goes(site: Client) -> None:
    author = UserFactory.create(first_name="Olga", last_name="Petrenko")
    note = NoteFactory.create(author=author, author_name="Olga Petrenko")
    author.delete()
    assert "Olga Petrenko" in page(site, note.contact)


def test_when_the_contact_has_gone_its_notes_are_not_there(site: Client) -> None:
    note = NoteFactory.create()
    note.contact.delete()
    for response in (site.get(address(note.contact)), site.post(deletion(note))):
        assert response.status_code == 404


def test_when_the_contact_goes_while_a_note_is_sent_the_page_says_so(
    site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*, contact: Contact, **note: Any) -> Note:
        Contact.objects.filter(pk=contact.pk).delete()
        return add_note(contact=contact, **note)

    monkeypatch.setattr(views, "add_note", too_late)
    response = site.post(address(ContactFactory.create()), {"text": "a"}, follow=True)
    assert response.status_code == 404
    assert "It may have been deleted." in response.content.decode()


def _permissions(codename: str) -> Any:
    return Group.objects.get(name=ADMIN).permissions.filter(codename=codename)
