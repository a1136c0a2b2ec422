"""What people do by a channel itself: they subscribe, and they leave."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from activity.audit import Actor
from activity.catalogue import Channel
from contacts.models import Contact
from contacts.querysets import ContactQuerySet
from messaging.models import Receipt
from messaging.providers.labels import label_of
from messaging.tellings import Telling
from subscriptions import consent
from subscriptions.facts import ADDRESSES, Door, State
from subscriptions.models import Subscription

TELLINGS = frozenset({Telling.JOINED, Telling.LEFT})


@transaction.atomic
def apply(receipt: Receipt) -> bool:
    """Subscribes or unsubscribes whom a receipt tells of; False where that has been done, or nobody is found.

    `details`: "channel"; "contact" (an id) of who joined; "address", or "account" where the channel has an
    id of its own beside the address; "signed_at" (seconds since 1970), when we made the link that the person came by.
    """
    found = list(_concerned(receipt).order_by("pk").select_for_update(no_key=True, of=("self",)))
    if not found:
        _let_go(receipt)
        return False
    if not Receipt.objects.select_for_update().filter(pk=receipt.pk, applied_at=None).exists():
        return False
    for contact in found:
        _change(contact, receipt)
    Receipt.objects.filter(pk=receipt.pk).update(applied_at=now(), contact=found[0])
    return True


def _concerned(receipt: Receipt) -> ContactQuerySet:
    channel, address = Channel(receipt.details["channel"]), str(receipt.details.get("address", ""))
    if receipt.telling == Telling.JOINED:
        return Contact.objects.filter(pk=receipt.details["contact"])
    account = str(receipt.details.get("account", "")) or ("" if channel in ADDRESSES else address)
    if account:
        by_account = Subscription.objects.filter(channel=channel, address=account).values("contact")
        return Contact.objects.filter(Q(pk__in=by_account) | Q(pk=receipt.details.get("contact")))
    return Contact.objects.filter(**{ADDRESSES[channel]: address}) if address else Contact.objects.none()


def _change(contact: Contact, receipt: Receipt) -> None:
    channel, actor = Channel(receipt.details["channel"]), Actor(name=label_of(receipt.provider))
    if receipt.telling == Telling.LEFT:
        consent.unsubscribe(contact=contact, channel=channel, actor=actor, door=Door.CHANNEL, reason=receipt.words)
    elif not left_since(contact.pk, channel, receipt.details.get("signed_at", 0)):
        address = str(receipt.details.get("address", ""))
        consent.opt_in(contact=contact, channel=channel, actor=actor, wording=receipt.words, address=address)


def left_since(contact_id: int, channel: Channel, at: int) -> bool:
    """Whether an old link, which anybody may have by now, would bring back who has left after `at`.

    A callback that comes late does not, nor does a text that still carries what a bot once asked.
    """
    # Links tell whole seconds: within the same one, in doubt the person has left after it.
    since = datetime.datetime.fromtimestamp(at, datetime.UTC)
    left = Subscription.objects.filter(contact=contact_id, channel=channel, state=State.UNSUBSCRIBED)
    return left.filter(since__gte=since).exists()


def _let_go(receipt: Receipt) -> None:
    """Of a stranger who leaves nothing is to be done, unless that one's joining still waits."""
    account = receipt.details.get("account") or receipt.details.get("address")
    joining = Receipt.objects.filter(provider=receipt.provider, telling=Telling.JOINED, applied_at=None)
    if receipt.telling == Telling.LEFT and not joining.filter(details__address=account).exists():
        Receipt.objects.filter(pk=receipt.pk).update(applied_at=now())
