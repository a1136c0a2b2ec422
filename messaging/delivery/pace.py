"""How fast a provider is called: by a rate that all workers share, and not at all while it rests."""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from messaging.models import Pace
from messaging.providers.interface import Provider

# Seconds of rest after a provider could not be reached, by how often in a row.
_RESTS = (2, 5, 15, 30, 60, 120, 300)


def allowed(provider: Provider, wanted: int) -> int:
    """How many calls may be made now, `wanted` at most, which are then counted. Within the caller's transaction."""
    rate = settings.DELIVERY_RATES.get(provider.name, 0)
    found = Pace.objects.filter(provider=provider.name)
    pace = (found.select_for_update() if rate else found).first()
    at = now()
    if pace is None:
        if not rate:
            return wanted
        Pace.objects.bulk_create([Pace(provider=provider.name, left=rate, at=at)], ignore_conflicts=True)
        pace = found.select_for_update().get()
    if pace.rests_until and pace.rests_until > at:
        return 0
    return _count(pace, rate, wanted, at) if rate else wanted


def _count(pace: Pace, rate: float, wanted: int, at: datetime.datetime) -> int:
    """A bucket that holds what may be called in a second."""
    left = min(max(rate, 1.0), pace.left + max(0.0, (at - pace.at).total_seconds()) * rate)
    taken = min(wanted, int(left))
    pace.left, pace.at = left - taken, at
    pace.save(update_fields=["left", "at"])
    return taken


@transaction.atomic
def rest(provider: Provider, words: str, seconds: float | None = None) -> None:
    """Leaves a provider alone for a while: as long as it asked for, or longer each time that it cannot be reached."""
    pace, _made = Pace.objects.select_for_update().get_or_create(provider=provider.name)
    pace.failures = min(pace.failures + 1, len(_RESTS))
    wait = datetime.timedelta(seconds=_RESTS[pace.failures - 1] if seconds is None else seconds)
    pace.rests_until, pace.words = now() + wait, words
    pace.save(update_fields=["failures", "rests_until", "words"])


def answered(provider: Provider) -> None:
    """It can be reached again. A rest that it asked another worker for lasts as long as it asked."""
    rested = Q(rests_until=None) | Q(rests_until__lte=now())
    Pace.objects.filter(rested, provider=provider.name, failures__gt=0).update(failures=0, rests_until=None, words="")
