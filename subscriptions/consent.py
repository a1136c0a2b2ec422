"""Subscribes contacts to channels and unsubscribes them. Nothing here loosens an opt-out without evidence."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity import audit, events
from activity.audit import Actor
from activity.catalogue import Channel, Origin
from contacts.digests import digest
from contacts.models import Contact
from subscriptions.facts import ADDRESSES, BEGUN_BY_THE_PERSON, Door, Fact, State
from subscriptions.models import OptOut, Subscription
from subscriptions.records import Change, Evidence, Refused, held, keep, refuse_unseen

RESUBSCRIBE = "subscriptions.resubscribe_contact"
_BY_HAND = (Door.PAGE, Door.ADMIN)


@transaction.atomic
def subscribe(
    *,
    contact: Contact,
    channel: Channel,
    actor: Actor,
    door: Door,
    reason: str = "",
    evidence: Evidence | None = None,
    seen: int | None = None,
) -> bool:
    """Subscribes a contact on its behalf; returns whether that changed anything.

    `seen`: `ConsentQuerySet.latest_of` the channel when the person decided. Raises `Refused`: "evidence",
    "permission", "begun_by_the_person", "changed_meanwhile"; and `Contact.DoesNotExist`.
    """
    now_ = held(contact.pk)
    before, begun = state_of(now_, channel)
    if before is State.SUBSCRIBED:
        return False
    refuse_unseen(now_, Fact(channel), seen)
    change = Change(actor, door, reason, evidence)
    if before is State.UNSUBSCRIBED:
        _refuse_without_evidence(change)
    if not begun:
        _refuse_to_begin(channel, change)
    _set(now_, channel, before, State.SUBSCRIBED, change)
    return True


@transaction.atomic
def opt_in(
    *,
    contact: Contact,
    channel: Channel,
    actor: Actor,
    wording: str,
    address: str = "",
    door: Door = Door.CHANNEL,
) -> bool:
    """The person has subscribed, which is the evidence: by a browser's permission, /start, the page of a link.

    `wording` is what the person agreed to; `address` what the channel calls the person, where Rapport has no other.
    Returns whether that changed the state. Raises `ValueError` without words, and `Contact.DoesNotExist`.
    """
    if not wording.strip():
        raise ValueError(wording)
    now_ = held(contact.pk)
    before, _begun = state_of(now_, channel)
    if before is not State.SUBSCRIBED:
        source = Fact(channel).label if door is Door.CHANNEL else door.label
        evidence = Evidence(source=str(source), at=now(), wording=wording)
        _set(now_, channel, before, State.SUBSCRIBED, Change(actor, door, evidence=evidence))
    if address:
        _readdress(now_, channel, address, actor=actor, door=door, was_subscribed=before is State.SUBSCRIBED)
    return before is not State.SUBSCRIBED


@transaction.atomic
def unsubscribe(*, contact: Contact, channel: Channel, actor: Actor, door: Door, reason: str = "") -> bool:
    """Stops a channel, whatever its state; returns whether that changed anything. Raises `Contact.DoesNotExist`."""
    now_ = held(contact.pk)
    # Its own: an opt-out at the address must not be all that keeps the contact unsubscribed.
    own = Subscription.objects.filter(contact=now_, channel=channel).values_list("state", flat=True).first()
    if own == State.UNSUBSCRIBED:
        _remember(now_, channel)  # the address may be another one by now
        # Who says no once more has left as of now, also for links made since the first time.
        again = {} if door is Door.PROVIDER else {"since": now(), "by": actor.name, "door": door}
        # Triggers on the table tell whom else the address concerns.
        Subscription.objects.filter(contact=now_, channel=channel).update(state=own, **again)
        return False
    _set(now_, channel, State(own or State.NEVER), State.UNSUBSCRIBED, Change(actor, door, reason))
    return True


def state_of(contact: Contact, channel: Channel) -> tuple[State, bool]:
    """The state, and whether the contact was ever subscribed. Who has the address of an opt-out is unsubscribed."""
    row = Subscription.objects.filter(contact=contact, channel=channel).first()
    state = State(row.state) if row else State.NEVER
    if _opt_outs(contact, channel).exists():
        state = State.UNSUBSCRIBED
    return state, bool(row and row.begun)


def _refuse_without_evidence(change: Change) -> None:
    if not change.reason.strip() or change.evidence is None or not change.evidence.is_complete:
        raise Refused(
            "evidence",
            _(
                "This person has opted out. To subscribe them again, say why, and where, when and in which words they "
                "asked for it."
            ),
        )
    if change.actor.user and not change.actor.user.has_perm(RESUBSCRIBE):
        raise Refused("permission", _("This person has opted out. You may not subscribe them again."))


def _refuse_to_begin(channel: Channel, change: Change) -> None:
    if channel not in BEGUN_BY_THE_PERSON:
        return
    if change.door in _BY_HAND:
        raise Refused(
            "begun_by_the_person",
            _("%(channel)s begins with the person: they subscribe first, by the channel itself.")
            % {"channel": Fact(channel).label},
        )
    if change.evidence is None or not change.evidence.is_complete:
        raise Refused(
            "evidence",
            _("The first subscription to %(channel)s needs where, when and in which words the person consented.")
            % {"channel": Fact(channel).label},
        )


def _set(contact: Contact, channel: Channel, before: State, after: State, change: Change) -> None:
    kept = {"state": after, "since": now(), "by": change.actor.name, "door": change.door}
    begun = {"begun": True} if after is State.SUBSCRIBED else {}
    Subscription.objects.update_or_create(contact=contact, channel=channel, defaults=kept | begun)
    if after is State.SUBSCRIBED:
        _opt_outs(contact, channel).delete()
    else:
        _remember(contact, channel)
    keep(contact.pk, Fact(channel), before.name.lower(), after.name.lower(), change)
    origin = Origin.SUBSCRIBED if after is State.SUBSCRIBED else Origin.UNSUBSCRIBED
    data = {"by": change.actor.name}
    events.record(contact_id=contact.pk, channel=channel, origin=origin, data=data)
    verb = "subscription.subscribe" if after is State.SUBSCRIBED else "subscription.unsubscribe"
    audit.record(actor=change.actor, verb=verb, of=contact, channel=channel.slug, door=str(change.door))


def _readdress(
    contact: Contact, channel: Channel, address: str, *, actor: Actor, door: Door, was_subscribed: bool
) -> None:
    """That somebody's messages go elsewhere from now on is kept, without saying where."""
    changed = Subscription.objects.filter(contact=contact, channel=channel).exclude(address=address)
    if changed.update(address=address) and was_subscribed:
        verb = "subscription.readdress"
        audit.record(actor=actor, verb=verb, of=contact, channel=channel.slug, door=str(door))


def _opt_outs(contact: Contact, channel: Channel) -> QuerySet[OptOut]:
    address = getattr(contact, ADDRESSES[channel]) if channel in ADDRESSES else None
    found = OptOut.objects.filter(channel=channel)
    return found.filter(digest=digest(address)) if address else found.none()


def _remember(contact: Contact, channel: Channel) -> None:
    address = getattr(contact, ADDRESSES[channel]) if channel in ADDRESSES else None
    if address:
        OptOut.objects.bulk_create([OptOut(channel=channel, digest=digest(address))], ignore_conflicts=True)
