"""Puts addresses on the account's blacklists and takes them off. That neither subscribes nor unsubscribes anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity import audit
from activity.audit import Actor
from contacts.digests import Digest, digest
from contacts.models import Contact, ContactList
from contacts.querysets import ContactQuerySet
from subscriptions.facts import BLACKLIST_FACTS, LISTED, REASONS, Blacklist, Door, Reason
from subscriptions.models import BlacklistEntry, ConsentRecord
from subscriptions.records import Change, Refused, record_of

LISTED_WORD, UNLISTED_WORD = "listed", "unlisted"


@dataclass(frozen=True)
class Listing:
    """An address in normal form that is to be listed, and why."""

    address: str
    reason: Reason
    note: str = ""

    @property
    def words(self) -> str:
        return f"{self.reason.label}: {self.note}" if self.note else str(self.reason.label)


def add(*, kind: Blacklist, address: str, reason: Reason, actor: Actor, door: Door, note: str = "") -> bool:
    """Lists one address in normal form; returns whether it was not listed yet. Raises `Refused`: "reason"."""
    return add_many(kind=kind, listings=[Listing(address, reason, note)], actor=actor, door=door) == 1


@transaction.atomic
def add_many(*, kind: Blacklist, listings: Sequence[Listing], actor: Actor, door: Door) -> int:
    """Lists addresses in normal form, all or none; returns how many were not listed yet.

    Of equal ones the first counts.

    Raises `Refused`: "reason".
    """
    wanted: dict[bytes, Listing] = {}
    for listing in listings:
        if listing.reason not in REASONS[kind]:
            raise Refused("reason", _("“%(reason)s” is not a reason of this black list.") % {"reason": listing.reason})
        wanted.setdefault(digest(listing.address), listing)
    concerned = _held_with(kind, [listing.address for listing in wanted.values()])
    new = _insert(kind, wanted, actor, door)
    ConsentRecord.objects.bulk_create(
        record_of(contact_id, BLACKLIST_FACTS[kind], UNLISTED_WORD, LISTED_WORD, Change(actor, door, listing.words))
        for listing in new
        for contact_id in concerned.get(listing.address, ())
    )
    if new:
        audit.record(actor=actor, verb="blacklist.add", kind=kind.name.lower(), count=len(new), door=str(door))
    return len(new)


@transaction.atomic
def remove(*, entry: BlacklistEntry, actor: Actor, door: Door, reason: str = "") -> bool:
    """Takes an address off; returns whether this very entry was still there.

    Who is subscribed can be written to again. One that was added anew meanwhile is another entry, and stays.
    """
    kind = Blacklist(entry.kind)
    concerned = _held_with(kind, [entry.address]) if entry.address else _held_with_digest(kind, bytes(entry.digest))
    removed, _by_model = BlacklistEntry.objects.filter(pk=entry.pk).delete()
    if not removed:
        return False
    change = Change(actor, door, reason)
    ConsentRecord.objects.bulk_create(
        record_of(contact_id, BLACKLIST_FACTS[kind], LISTED_WORD, UNLISTED_WORD, change)
        for contact_ids in concerned.values()
        for contact_id in contact_ids
    )
    audit.record(actor=actor, verb="blacklist.remove", of=entry, kind=kind.name.lower(), door=str(door))
    return True


def concerned(*, kind: Blacklist, address: str) -> list[int]:
    """Ids of the contacts of every list who have this address, for who holds others of them before it is listed."""
    return list(_with(kind, [address]).values_list("pk", flat=True))


def _held_with(kind: Blacklist, addresses: Sequence[str]) -> dict[str, list[int]]:
    """Ids of the contacts of every list who have these addresses, held in the order that all hold them in."""
    return _held(kind, _with(kind, addresses))


def _with(kind: Blacklist, addresses: Sequence[str]) -> ContactQuerySet:
    # By list, as the indexes are.
    lists = ContactList.objects.values("pk")
    return Contact.objects.filter(contact_list__in=lists, **{f"{LISTED[kind]}__in": addresses})


def _held_with_digest(kind: Blacklist, key: bytes) -> dict[str, list[int]]:
    """The same where the address is not kept: for that the addresses of all contacts are digested."""
    return _held(kind, Contact.objects.alias(key=Digest(LISTED[kind])).filter(key=key))


def _held(kind: Blacklist, contacts: ContactQuerySet) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    held = contacts.order_by("pk").select_for_update(no_key=True)
    for contact_id, address in held.values_list("pk", LISTED[kind]):
        found.setdefault(address, []).append(contact_id)
    return found


_INSERT = """
    INSERT INTO subscriptions_blacklistentry (kind, digest, address, reason, note, by, user_id, door, at)
    SELECT %(kind)s, key, address, reason, note, %(by)s, %(user)s, %(door)s, %(at)s
    FROM unnest(%(keys)s::bytea[], %(addresses)s::text[], %(reasons)s::text[], %(notes)s::text[])
        AS wanted (key, address, reason, note)
    ON CONFLICT (kind, digest) DO NOTHING RETURNING digest
"""


def _insert(kind: Blacklist, wanted: Mapping[bytes, Listing], actor: Actor, door: Door) -> list[Listing]:
    """Those that were not there; of two who list an address at once, one does. Always in the order of their digests."""
    ordered = sorted(wanted.items())
    parameters = {
        "kind": kind.value,
        "by": actor.name,
        "user": actor.user.pk if actor.user else None,
        "door": door.value,
        "at": now(),
        "keys": [key for key, _listing in ordered],
        "addresses": [listing.address for _key, listing in ordered],
        "reasons": [listing.reason.value for _key, listing in ordered],
        "notes": [listing.note for _key, listing in ordered],
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, parameters)
        return [wanted[bytes(key)] for (key,) in cursor.fetchall()]
