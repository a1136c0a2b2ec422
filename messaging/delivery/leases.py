"""Messages whose worker has gone: sent again where that cannot make two of one, else told to people as uncertain."""

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from activity.catalogue import MESSAGE_CHANNELS, Channel
from messaging import waking
from messaging.holding import hold_many
from messaging.models import Attempt, Message, Outcome
from messaging.providers.registry import in_use
from messaging.refusals import UNCLEAR
from messaging.states import State

_MOST = 500


def sweep() -> int:
    """Takes back what workers have left; returns how many messages that were."""
    keyed = [name for name, provider in in_use().items() if provider.HONOURS_KEYS]
    again = Q(called_at=None) | Q(provider__in=keyed)
    freed = _free(again)
    return freed + _doubt(~again)


@transaction.atomic
def _free(again: Q) -> int:
    """The provider was not called under this lease, or makes one of two."""
    found = list(Message.objects.abandoned(now()).filter(again).select_for_update(skip_locked=True)[:_MOST])
    ids = [each.pk for each in found]
    Message.objects.filter(pk__in=ids).update(state=State.QUEUED, lease_until=None, next_attempt_at=now())
    waking.wake({Channel(each.channel) for each in found})
    return len(found)


@transaction.atomic
def _doubt(called: Q) -> int:
    there = hold_many(Message.objects.abandoned(now()).filter(called).values_list("contact_id", flat=True)[:_MOST])
    doubtful = Message.objects.abandoned(now()).filter(called, contact__in=there)
    found = list(doubtful.select_for_update(skip_locked=True))
    Message.objects.filter(pk__in=[each.pk for each in found]).update(
        state=State.UNCERTAIN, lease_until=None, words=str(UNCLEAR)
    )
    Attempt.objects.bulk_create(
        Attempt(
            message=each,
            contact_id=each.contact_id,
            number=each.fence,
            provider=each.provider,
            began_at=each.called_at or now(),
            outcome=Outcome.LOST,
        )
        for each in found
    )
    return len(found)


def wake_due() -> None:
    """Wakes a worker for each channel on which something is due."""
    at = now()
    waking.wake(channel for channel in MESSAGE_CHANNELS if Message.objects.due(channel, at).exists())
