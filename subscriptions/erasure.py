"""What outlives a contact: only that its addresses must not be written to."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef

from contacts.digests import digest
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
