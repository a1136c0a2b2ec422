"""What the demo account shows of permission to send: a crowd with every state, and one person with a bit of all."""

import datetime

from activity.audit import Actor
from activity.catalogue import Channel
from contacts.models import Contact
from contacts.seeding.demo import EVERYTHING
from subscriptions import blacklists
from subscriptions.blacklists import Listing
from subscriptions.facts import LISTED, Blacklist, Door, Fact, Reason, State
from subscriptions.models import ConsentRecord, Subscription
from subscriptions.seeding import add_subscriptions

_DAY = datetime.timedelta(days=1)
# Of the person with everything: channel, how many days ago they subscribed and left, and by whom.
_HISTORY: tuple[tuple[Channel, float, float | None, str], ...] = (
    (Channel.EMAIL, 58, None, "Marta Levchenko"),
    (Channel.SMS, 58, None, "Marta Levchenko"),
    (Channel.TELEGRAM, 31, None, "Telegram"),
    (Channel.DESKTOP_WEBPUSH, 40, 6, "Chrome"),
)
# How many of the crowd are on each list, and why; by turns.
_LISTED: dict[Blacklist, tuple[int, tuple[Reason, ...]]] = {
    Blacklist.EMAIL: (12, (Reason.HARD_BOUNCE, Reason.COMPLAINT, Reason.LIST_UNSUBSCRIBE)),
    Blacklist.PHONE: (7, (Reason.UNDELIVERABLE, Reason.INVALID)),
    Blacklist.VIBER: (4, (Reason.INVALID, Reason.SPAM)),
}


def add_demo_subscriptions(now: datetime.datetime) -> None:
    everything = Contact.objects.get(user_id=EVERYTHING)
    for channel, began, left, by in _HISTORY:
        _tell(everything, channel, now - began * _DAY, now - left * _DAY if left else None, by)
    add_subscriptions(0, now, without=everything.pk)
    for kind, (count, reasons) in _LISTED.items():
        crowd = Contact.objects.exclude(**{LISTED[kind]: None}).exclude(pk=everything.pk).order_by("pk")
        addresses = list(crowd.values_list(LISTED[kind], flat=True)[kind * 10 : kind * 10 + count])
        listings = [Listing(address, reasons[place % len(reasons)]) for place, address in enumerate(addresses)]
        blacklists.add_many(kind=kind, listings=listings, actor=Actor(), door=Door.DEMO)
    blacklists.add(
        kind=Blacklist.PHONE,
        address=everything.phone or "",
        reason=Reason.UNDELIVERABLE,
        note="Absent subscriber, three times",
        actor=Actor(name="Twilio"),
        door=Door.PROVIDER,
    )


def _tell(
    contact: Contact, channel: Channel, began: datetime.datetime, left: datetime.datetime | None, by: str
) -> None:
    Subscription.objects.create(
        contact=contact,
        channel=channel,
        state=State.UNSUBSCRIBED if left else State.SUBSCRIBED,
        since=left or began,
        by=by,
        door=Door.DEMO,
        begun=True,
        address="" if channel in (Channel.EMAIL, Channel.SMS) else f"demo-{contact.pk}",
    )
    changes = [("never", "subscribed", began), *([("subscribed", "unsubscribed", left)] if left else [])]
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            contact=contact, fact=Fact(channel.value), before=before, after=after, by=by, door=Door.DEMO, at=at
        )
        for before, after, at in changes
    )
