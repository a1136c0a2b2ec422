"""What outlives a contact: only that its addresses must not be written to."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from contacts.digests import digest
from contacts.erasure.personal_data import Rows
from contacts.models import Contact
from subscriptions.facts import ADDRESSES, LISTED, State
from subscriptions.models import BlacklistEntry, OptOut, Subscription


@transaction.atomic
def keep_refusals(contact_ids: Collection[int]) -> None:
    """Before contacts are erased: keeps their opt-outs as digests; blacklists forget addresses that nobody else has."""
    contacts = list(Contact.objects.filter(pk__in=contact_ids).order_by("pk").select_for_update())
    rows = Subscription.objects.filter(contact__in=contact_ids, state=State.UNSUBSCRIBED, channel__in=list(ADDRESSES))
    stopped = set(rows.values_list("contact_id", "channel"))
    OptOut.objects.bulk_create(
        (
            OptOut(channel=channel, digest=digest(address))
            for contact in contacts
            for channel, field in ADDRESSES.items()
            if (contact.pk, channel) in stopped and (address := getattr(contact, field))
        ),
        ignore_conflicts=True,
    )
    for kind, field in LISTED.items():
        theirs = [address for contact in contacts if (address := getattr(contact, field))]
        others = Contact.objects.exclude(pk__in=contact_ids).filter(**{field: OuterRef("address")})
        BlacklistEntry.objects.filter(~Exists(others), kind=kind, address__in=theirs).update(address=None, note="")


def opt_outs_of(contact_ids: Collection[int]) -> Rows:
    """Opt-outs at the addresses of contacts, each as channel, digest and when."""
    digests = _digests(contact_ids, set(ADDRESSES.values()))
    found = OptOut.objects.filter(channel__in=list(ADDRESSES), digest__in=digests).order_by("pk")
    return [[each.channel, bytes(each.digest).hex(), each.at.isoformat()] for each in found]


def restore_opt_outs(rows: Rows) -> int:
    there = set(_known(OptOut.objects.filter(channel__in=list(ADDRESSES)).values_list("channel", "digest"), rows))
    missing = [
        OptOut(channel=channel, digest=bytes.fromhex(key), at=at)
        for channel, key, at in rows
        if (channel, key) not in there
    ]
    return len(OptOut.objects.bulk_create(missing, ignore_conflicts=True))


def listings_of(contact_ids: Collection[int]) -> Rows:
    """Black listings of the addresses of contacts, each as list, digest, reason, door and when."""
    digests = _digests(contact_ids, set(LISTED.values()))
    found = BlacklistEntry.objects.filter(kind__in=list(LISTED), digest__in=digests).order_by("pk")
    return [[each.kind, bytes(each.digest).hex(), each.reason, each.door, each.at.isoformat()] for each in found]


def restore_listings(rows: Rows) -> int:
    there = set(_known(BlacklistEntry.objects.filter(kind__in=list(LISTED)).values_list("kind", "digest"), rows))
    missing = [
        BlacklistEntry(kind=kind, digest=bytes.fromhex(key), reason=reason, door=door, at=at, by="shell")
        for kind, key, reason, door, at in rows
        if (kind, key) not in there
    ]
    return len(BlacklistEntry.objects.bulk_create(missing, ignore_conflicts=True))


def _digests(contact_ids: Collection[int], fields: Collection[str]) -> set[bytes]:
    addresses = Contact.objects.filter(pk__in=contact_ids).values_list(*sorted(fields))
    return {digest(address) for row in addresses for address in row if address}


def _known(found: QuerySet[Any, tuple[int, bytes | memoryview]], rows: Rows) -> Iterator[tuple[int, str]]:
    """Code and digest of those rows that are there, as the ledger writes them."""
    digests = [bytes.fromhex(key) for _code, key, *_rest in rows]
    return ((code, bytes(key).hex()) for code, key in found.filter(digest__in=digests))
