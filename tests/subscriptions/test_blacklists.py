"""Blacklists: an address is listed once, by reasons of its list, and each contact concerned has a record of it."""

import pytest

from activity.audit import Actor
from activity.erasure import erasing
from activity.models import AuditEntry
from contacts.models import Contact
from subscriptions import blacklists
from subscriptions.blacklists import Listing
from subscriptions.erasure import keep_refusals
from subscriptions.facts import REASONS, Blacklist, Door, Fact, Reason
from subscriptions.models import BlacklistEntry, ConsentRecord, Subscription
from subscriptions.records import Refused
from tests.factories import ContactFactory, ContactListFactory
from tests.subscriptions.consent import closed

pytestmark = pytest.mark.django_db
ADDRESS = "olga@example.com"


def add(address: str = ADDRESS, reason: Reason = Reason.MANUAL, note: str = "") -> bool:
    return blacklists.add(
        kind=Blacklist.EMAIL, address=address, reason=reason, note=note, actor=Actor(ip="192.0.2.1"), door=Door.ADMIN
    )


def remove(entry: BlacklistEntry) -> bool:
    return blacklists.remove(entry=entry, actor=Actor(), door=Door.ADMIN, reason="A mistake")


def test_an_address_is_listed_once() -> None:
    assert add(note="At her wish")
    assert not add(reason=Reason.COMPLAINT)
    entry = BlacklistEntry.objects.get()
    assert (entry.address, entry.reason, entry.note, entry.by) == (ADDRESS, "manual", "At her wish", "Rapport")
    assert AuditEntry.objects.get().details == {"kind": "email", "count": 1, "door": "admin"}


def test_everybody_who_has_the_address_has_a_record_of_it() -> None:
    there = [
        ContactFactory.create(email=ADDRESS),
        ContactFactory.create(email=ADDRESS, contact_list=ContactListFactory.create()),
    ]
    ContactFactory.create()
    add(reason=Reason.COMPLAINT, note="By phone")
    records = ConsentRecord.objects.order_by("contact")
    assert [record.contact_id for record in records] == [contact.pk for contact in there]
    assert {(each.fact, each.before, each.after, each.reason) for each in records} == {
        (Fact.EMAIL_BLACKLIST, "unlisted", "listed", "Complaint: By phone")
    }
    assert remove(BlacklistEntry.objects.get())
    assert ConsentRecord.objects.filter(after="unlisted", reason="A mistake").count() == 2


def test_leaving_subscribes_nobody() -> None:
    contact = ContactFactory.create(email=ADDRESS)
    add()
    remove(BlacklistEntry.objects.get())
    assert not Subscription.objects.exists()
    assert closed(contact) != []


@pytest.mark.parametrize("kind", list(Blacklist))
@pytest.mark.parametrize("reason", list(Reason))
def test_reasons_are_those_of_the_list(kind: Blacklist, reason: Reason) -> None:
    listing = [Listing("+380671234567", reason)]
    if reason in REASONS[kind]:
        assert blacklists.add_many(kind=kind, listings=listing, actor=Actor(), door=Door.ADMIN) == 1
    else:
        with pytest.raises(Refused, match="is not a reason"):
            blacklists.add_many(kind=kind, listings=listing, actor=Actor(), door=Door.ADMIN)
        assert not BlacklistEntry.objects.exists()


def test_many_are_listed_by_a_handful_of_statements(django_assert_max_num_queries: object) -> None:
    contact = ContactFactory.create(email=ADDRESS)
    add("known@example.com")
    listings = [Listing(f"p{number}@example.com", Reason.HARD_BOUNCE) for number in range(500)]
    listings += [
        Listing(ADDRESS, Reason.MANUAL),
        Listing(ADDRESS, Reason.COMPLAINT),
        Listing("known@example.com", Reason.MANUAL),
    ]
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        added = blacklists.add_many(kind=Blacklist.EMAIL, listings=listings, actor=Actor(), door=Door.ADMIN)
    assert added == 501
    assert ConsentRecord.objects.get().contact_id == contact.pk


def test_an_entry_that_was_made_anew_meanwhile_stays() -> None:
    add()
    old = BlacklistEntry.objects.get()
    assert remove(old)
    add()
    stale = BlacklistEntry(pk=old.pk or 0, kind=old.kind, digest=old.digest, address=old.address)
    assert not remove(stale)
    assert BlacklistEntry.objects.count() == 1


def test_outlive_the_contact_without_its_address() -> None:
    contact = ContactFactory.create(email=ADDRESS)
    add()
    with erasing():
        keep_refusals([contact.pk])
        contact.delete()
    entry = BlacklistEntry.objects.get()
    assert entry.address is None
    again = ContactFactory.create(email=ADDRESS)
    assert BlacklistEntry.objects.of(Blacklist.EMAIL, ADDRESS).exists()
    assert remove(entry)
    assert ConsentRecord.objects.get().contact_id == again.pk


def test_keep_the_address_while_somebody_else_has_it() -> None:
    contact = ContactFactory.create(email=ADDRESS)
    ContactFactory.create(email=ADDRESS, contact_list=ContactListFactory.create())
    add()
    keep_refusals([contact.pk])
    assert BlacklistEntry.objects.get().address == ADDRESS
    assert Contact.objects.count() == 2
