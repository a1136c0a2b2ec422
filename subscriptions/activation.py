"""Activates and deactivates contacts: nothing at all is sent to those who are not active. Channels stay as they are."""

from django.db import transaction
from django.utils.timezone import now

from activity import audit, events
from activity.audit import Actor
from activity.catalogue import Channel, Origin
from contacts.models import Contact
from subscriptions.facts import Door, Fact
from subscriptions.records import Change, held, keep, refuse_unseen


@transaction.atomic
def activate(*, contact: Contact, actor: Actor, door: Door, reason: str = "", seen: int | None = None) -> bool:
    """Lets the contact receive from its subscribed channels; returns whether that changed anything.

    `seen`: `ConsentQuerySet.latest_of` this fact when the person decided. Raises `Refused` ("changed_meanwhile") and
    `Contact.DoesNotExist`.
    """
    now_ = held(contact.pk)
    if now_.is_active:
        return False
    refuse_unseen(now_, Fact.ACTIVE, seen)
    _set(now_, Change(actor, door, reason), active=True)
    return True


@transaction.atomic
def deactivate(*, contact: Contact, actor: Actor, door: Door, reason: str = "") -> bool:
    """Stops everything to the contact; returns whether that changed anything. Raises `Contact.DoesNotExist`."""
    now_ = held(contact.pk)
    if not now_.is_active:
        return False
    _set(now_, Change(actor, door, reason), active=False)
    return True


def _set(contact: Contact, change: Change, *, active: bool) -> None:
    contact.is_active, contact.modified_at = active, now()
    contact.save(update_fields=["is_active", "modified_at"])
    words = ("inactive", "active") if active else ("active", "inactive")
    keep(contact.pk, Fact.ACTIVE, *words, change)
    origin = Origin.ACTIVATED if active else Origin.DEACTIVATED
    data = {"by": change.actor.name}
    events.record(contact_id=contact.pk, channel=Channel.CONTACT, origin=origin, data=data)
    verb = "contact.activate" if active else "contact.deactivate"
    audit.record(actor=change.actor, verb=verb, of=contact, door=str(change.door))
