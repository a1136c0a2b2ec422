"""The Actions menu: each action says what will follow for this very contact, is done once, and by whom may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from activity.audit import Actor
from activity.catalogue import Channel
from activity.models import AuditEntry, Event
from config.models import User
from config.roles import ADMIN, MARKETER, PERMISSIONS, SUPPORT
from contacts.models import Contact
from subscriptions import blacklists
from subscriptions.actions import ACTIONS
from subscriptions.activation import activate, deactivate
from subscriptions.facts import LISTED, Blacklist, Door, Fact, Reason
from subscriptions.models import BlacklistEntry, ConsentRecord
from tests.factories import ContactFactory, UserFactory
from tests.subscriptions.consent import opt_in, subscribe, unsubscribe

pytestmark = pytest.mark.django_db
KINDS = pytest.mark.parametrize("kind", list(Blacklist))


@pytest.fixture
def contact() -> Contact:
    contact = ContactFactory.create(phone="+380671234567")
    subscribe(contact)
    return contact


@pytest.fixture
def site(admin: User, signed_in: Callable[[User], Client]) -> Client:
    """The browser of an admin, who may do everything."""
    return signed_in(admin)


def address(contact: Contact, action: str) -> str:
    return f"/contacts/{contact.pk}/actions/{action}/"


def ask(site: Client, contact: Contact, action: str) -> str:
    return " ".join(site.get(address(contact, action)).content.decode().split())


def do(site: Client, contact: Contact, action: str, **written: str) -> Any:
    """Confirms what the page asks."""
    form = site.get(address(contact, action)).context["form"]
    given = {name: field.initial for name, field in form.fields.items() if field.initial is not None}
    return site.post(address(contact, action), given | form.initial | written)


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def slug(kind: Blacklist) -> str:
    return f"{kind.name.lower()}-black-list"


def blacklist(contact: Contact, kind: Blacklist) -> BlacklistEntry:
    where = getattr(contact, LISTED[kind])
    blacklists.add(kind=kind, address=where, reason=Reason.MANUAL, actor=Actor(), door=Door.ADMIN)
    return BlacklistEntry.objects.get(kind=kind)


def menu(site: Client, contact: Contact) -> set[str]:
    html = site.get(contact.get_absolute_url()).content.decode()
    return {action for action in ACTIONS if f'href="{address(contact, action)}"' in html}


class TestTheMenu:
    def test_offers_what_can_be_done(self, site: Client, contact: Contact) -> None:
        adding = {f"add-to-{slug(kind)}" for kind in Blacklist}
        assert menu(site, contact) == {"deactivate"} | adding
        deactivate(contact=contact, actor=Actor(), door=Door.PAGE)
        blacklist(contact, Blacklist.VIBER)
        assert menu(site, contact) == {"activate", "remove-from-viber-black-list"} | adding - {
            "add-to-viber-black-list"
        }

    def test_offers_no_list_for_an_address_that_is_not_there(self, site: Client) -> None:
        contact = ContactFactory.create(email=None, phone="+380671234567")
        assert "add-to-email-black-list" not in menu(site, contact)
        assert said(site.get(address(contact, "add-to-email-black-list"))) == ["There is no such address."]

    @pytest.mark.parametrize("role", [MARKETER, SUPPORT, ADMIN])
    def test_offers_and_does_what_the_role_allows(
        self, role: str, signed_in: Callable[[User], Client], contact: Contact
    ) -> None:
        site = signed_in(UserFactory.create(role=role))
        blacklist(contact, Blacklist.PHONE)
        shown = menu(site, contact)
        for name, action in ACTIONS.items():
            allowed = role in PERMISSIONS[action.permission]
            assert (name in shown) <= allowed
            assert (site.get(address(contact, name)).status_code == 403) == (not allowed)
            assert (site.post(address(contact, name), {}).status_code == 403) == (not allowed)
        assert ("remove-from-phone-black-list" in shown) == (role == ADMIN)
        assert (shown == set()) == (role == SUPPORT)

    def test_has_no_other(self, site: Client, contact: Contact) -> None:
        assert site.get(address(contact, "sell")).status_code == 404


class TestActivation:
    def test_says_what_stops_and_what_has_stopped_already(self, site: Client, contact: Contact) -> None:
        unsubscribe(contact, Channel.SMS)
        html = ask(site, contact, "deactivate")
        assert "<li>Email stops.</li>" in html
        assert "<li>SMS cannot be sent already: Unsubscribed " in html
        assert "Subscriptions and black lists stay as they are." in html

    def test_says_what_can_be_sent_again_and_what_cannot(self, site: Client, contact: Contact) -> None:
        opt_in(contact, Channel.VIBER)
        blacklist(contact, Blacklist.VIBER)
        deactivate(contact=contact, actor=Actor(), door=Door.PAGE)
        html = ask(site, contact, "activate")
        assert "<li>Email can be sent again.</li>" in html
        assert "<li>Viber still cannot be sent: On the Viber Black List since " in html
        assert "<li>SMS still cannot be sent: Never subscribed.</li>" in html

    def test_is_done_with_event_record_and_audit(self, site: Client, admin: User, contact: Contact) -> None:
        response = do(site, contact, "deactivate", reason="A lawyer wrote")
        assert said(response) == ["The contact is deactivated: nothing is sent to them."]
        record = ConsentRecord.objects.latest("id")
        assert (record.fact, record.after, record.reason, record.user_id) == (
            Fact.ACTIVE,
            "inactive",
            "A lawyer wrote",
            admin.pk,
        )
        assert Event.objects.filter(contact=contact, origin=25).exists()
        assert AuditEntry.objects.latest("id").verb == "contact.deactivate"
        assert said(do(site, contact, "activate"))[-1] == "The contact is active."
        contact.refresh_from_db()
        assert contact.is_active

    def test_twice_is_once(self, site: Client, contact: Contact) -> None:
        before = ConsentRecord.objects.count()
        site.post(address(contact, "deactivate"), {})
        assert said(site.post(address(contact, "deactivate"), {}))[-1] == "The contact was deactivated already."
        assert ConsentRecord.objects.count() == before + 1

    def test_somebody_who_deactivates_meanwhile_wins(self, site: Client, contact: Contact) -> None:
        deactivate(contact=contact, actor=Actor(), door=Door.PAGE)
        form = site.get(address(contact, "activate")).context["form"].initial
        activate(contact=contact, actor=Actor(), door=Door.PAGE)
        deactivate(contact=contact, actor=Actor(), door=Door.PAGE)
        response = site.post(address(contact, "activate"), form | {"reason": "Came back"})
        assert "Somebody else has changed this meanwhile." in response.content.decode()
        assert response.context["form"]["reason"].value() == "Came back"
        contact.refresh_from_db()
        assert not contact.is_active
        seen = response.context["form"]["seen"].value()
        assert said(site.post(address(contact, "activate"), {"seen": seen}))[-1] == "The contact is active."


class TestBlacklists:
    @KINDS
    def test_are_joined_and_left(self, site: Client, admin: User, contact: Contact, kind: Blacklist) -> None:
        response = do(site, contact, f"add-to-{slug(kind)}", note="Asked by phone")
        assert said(response) == ["The address is on the black list."]
        entry = BlacklistEntry.objects.get()
        assert (entry.kind, entry.address) == (kind, getattr(contact, LISTED[kind]))
        assert (entry.reason, entry.note, entry.user) == (Reason.MANUAL, "Asked by phone", admin)
        assert said(do(site, contact, f"remove-from-{slug(kind)}"))[-1] == "The address is off the black list."
        assert not BlacklistEntry.objects.exists()
        words = ConsentRecord.objects.order_by("id").values_list("after", flat=True)
        assert list(words)[-2:] == ["listed", "unlisted"]

    def test_say_what_follows(self, site: Client, contact: Contact) -> None:
        assert "<li>Email stops.</li>" in ask(site, contact, "add-to-email-black-list")
        assert f"<bdi>{contact.email}</bdi>" in ask(site, contact, "add-to-email-black-list")
        html = ask(site, contact, "add-to-phone-black-list")
        assert "<li>SMS cannot be sent already: Never subscribed.</li>" in html
        assert "Viber" not in html.partition("What follows")[2].partition("</ul>")[0]
        blacklist(contact, Blacklist.EMAIL)
        html = ask(site, contact, "remove-from-email-black-list")
        assert "<li>Email can be sent again.</li>" in html
        assert "Nobody is subscribed by leaving the list." in html

    def test_refuse_reasons_of_another_list(self, site: Client, contact: Contact) -> None:
        response = do(site, contact, "add-to-viber-black-list", reason=Reason.HARD_BOUNCE)
        assert "reason" in response.context["form"].errors
        assert not BlacklistEntry.objects.exists()

    def test_twice_is_once(self, site: Client, contact: Contact) -> None:
        given = {"reason": "manual"}
        site.post(address(contact, "add-to-email-black-list"), given)
        response = site.post(address(contact, "add-to-email-black-list"), given)
        assert said(response)[-1] == "The address was on the black list already."
        entry = BlacklistEntry.objects.get()
        for _again in range(2):
            response = site.post(address(contact, "remove-from-email-black-list"), {"seen": entry.pk})
        assert said(response)[-1] == "The address was not on the black list any more."

    def test_an_entry_made_anew_meanwhile_stays(self, site: Client, contact: Contact) -> None:
        seen = blacklist(contact, Blacklist.EMAIL)
        blacklists.remove(entry=seen, actor=Actor(), door=Door.ADMIN)
        blacklist(contact, Blacklist.EMAIL)
        response = site.post(address(contact, "remove-from-email-black-list"), {"seen": seen.pk})
        assert "listed anew meanwhile" in response.content.decode()
        assert BlacklistEntry.objects.exists()
