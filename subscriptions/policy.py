"""Who may be written to: one predicate, for a page, for lists and for the last look before something is sent.

`closed` is all of it. Reasons and filters derive from the same conditions, so that a page says what a sender heeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, reduce
from operator import or_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Exists, Func, OuterRef, Q, SmallIntegerField, Value, When
from django.db.models.expressions import Combinable

from activity.catalogue import MESSAGE_CHANNELS, Channel
from contacts.digests import Digest
from contacts.querysets import ContactQuerySet
from contacts.statements import OneContact
from subscriptions.facts import ADDRESSES, BLACKLISTS, State
from subscriptions.models import BlacklistEntry, OptOut, Subscription

_REASONS = ArrayField(SmallIntegerField())


class Closed(IntEnum):
    """Why nothing may be sent, in the order in which a person should mend it."""

    NO_ADDRESS = 1
    INACTIVE = 2
    BLACKLISTED = 3
    UNSUBSCRIBED = 4
    NEVER_SUBSCRIBED = 5


@dataclass(frozen=True)
class Verdict:
    """Whether a contact may be written to by a channel; if not, every reason that applies, the first to mend first."""

    reasons: tuple[Closed, ...]

    @property
    def is_open(self) -> bool:
        return not self.reasons


_Conditions = tuple[Q | Combinable, ...]


def closed(channel: Channel) -> dict[Closed, _Conditions]:
    """The conditions of each reason, on a queryset of contacts: the reason applies where any of them holds."""
    of_channel = Subscription.objects.filter(contact=OuterRef("pk"), channel=channel)
    unsubscribed = Exists(of_channel.filter(state=State.UNSUBSCRIBED))
    by_own_state: dict[Closed, _Conditions] = {
        Closed.INACTIVE: (Q(is_active=False),),
        Closed.UNSUBSCRIBED: (unsubscribed,),
        Closed.NEVER_SUBSCRIBED: (~Exists(of_channel),),
    }
    if channel not in ADDRESSES:
        return by_own_state | {Closed.NO_ADDRESS: (~Exists(of_channel.exclude(address="")),)}
    address = Digest(OuterRef(ADDRESSES[channel]))
    blacklisted = Exists(BlacklistEntry.objects.filter(kind=BLACKLISTS[channel], digest=address))
    opted_out = Exists(OptOut.objects.filter(channel=channel, digest=address))
    return by_own_state | {
        Closed.NO_ADDRESS: (Q(**{f"{ADDRESSES[channel]}__isnull": True}),),
        Closed.BLACKLISTED: (blacklisted,),
        Closed.UNSUBSCRIBED: (unsubscribed, opted_out),
    }


def may_send(channel: Channel) -> Func:
    """Every reason against sending, as an expression: an array of `Closed`, empty where the channel is open."""
    cases = [
        Case(When(reduce(or_, map(Q, conditions)), then=Value(reason.value)))
        for reason, conditions in sorted(closed(channel).items())
    ]
    reasons = Func(*cases, template="ARRAY[%(expressions)s]::smallint[]", output_field=_REASONS)
    return Func(reasons, Value(None), function="array_remove", output_field=_REASONS)


def can_receive(contacts: ContactQuerySet, channel: Channel) -> ContactQuerySet:
    """Those of the contacts who may be written to: lists filter by it, and a claim has it in its WHERE."""
    for conditions in closed(channel).values():
        # One by one: only so does PostgreSQL make joins of them.
        for condition in conditions:
            contacts = contacts.filter(~condition)
    return contacts


def verdicts(contact_id: int) -> dict[Channel, Verdict]:
    """What may be sent to one contact, in one statement. Raises `Contact.DoesNotExist` for one who has gone."""
    return verdicts_in(_statement().of(contact_id))


def annotations() -> dict[str, Func]:
    """What a statement on contacts must ask for, so that `verdicts_in` finds it in a row."""
    return {_name(channel): may_send(channel) for channel in MESSAGE_CHANNELS}


def verdicts_in(row: Mapping[str, Any]) -> dict[Channel, Verdict]:
    return {channel: Verdict(tuple(map(Closed, row[_name(channel)]))) for channel in MESSAGE_CHANNELS}


@cache
def _statement() -> OneContact:
    return OneContact(**annotations())


def _name(channel: Channel) -> str:
    return f"closed_{channel.name.lower()}"
