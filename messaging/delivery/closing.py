"""Ends messages that may not be sent after all, each with its reason."""

import datetime
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.utils.timezone import now

from activity.catalogue import Channel
from contacts.models import Contact
from messaging import feed
from messaging.holding import hold_many
from messaging.models import Message
from messaging.refusals import CLOSED, TOO_LATE
from messaging.states import State
from messaging.tellings import Telling
from subscriptions.policy import Closed, may_send

_TELLINGS = {State.SKIPPED: Telling.REJECTED, State.EXPIRED: Telling.EXPIRED}


@transaction.atomic
def end_closed(messages: Collection[Message], channel: Channel) -> None:
    """Ends those of a channel that are late, or whose contact may not be written to. The others wait (again).

    Nothing is done to those that are not any more as they are given, in state or fence.
    """
    there = hold_many({each.contact_id for each in messages})
    at = now()
    reasons = dict(Contact.objects.filter(pk__in=there).annotate(closed=may_send(channel)).values_list("pk", "closed"))
    given = {each.pk: (each.state, each.fence) for each in messages}
    ends: defaultdict[tuple[State, str], list[Message]] = defaultdict(list)
    rows = Message.objects.filter(pk__in=given).with_all().select_for_update(skip_locked=True, of=("self",))
    for each in rows.order_by("pk"):
        if given[each.pk] == (each.state, each.fence) and each.contact_id in reasons:
            ends[_end_of(each, reasons[each.contact_id], at)].append(each)
    for (state, words), ended in ends.items():
        Message.objects.filter(pk__in=[each.pk for each in ended]).update(state=state, words=words, lease_until=None)
        if state in _TELLINGS:
            feed.tell(*(feed.told(each, _TELLINGS[state], at=at, words=words) for each in ended))


def _end_of(message: Message, closed: Collection[int], at: datetime.datetime) -> tuple[State, str]:
    if message.is_late(at):
        return State.EXPIRED, str(TOO_LATE)
    if closed:
        return State.SKIPPED, str(CLOSED[Closed(next(iter(closed)))])
    return State.QUEUED, message.words
