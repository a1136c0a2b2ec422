"""When a message that was refused for now is tried again, and until when."""

import datetime
from random import Random

from django.conf import settings

from activity.catalogue import Channel

# Mail programs and networks come back within days; what is said by text is old by then.
PATIENCE: dict[Channel, datetime.timedelta] = {Channel.EMAIL: datetime.timedelta(days=3)}
_OTHERS = datetime.timedelta(days=1)
_LONGEST = 4 * 3600.0

_random = Random()  # noqa: S311 - only so that not all come back at once


def next_attempt(made: int, *, now: datetime.datetime) -> datetime.datetime:
    """After so many attempts: from a minute to four hours, a fifth more or less."""
    seconds = min(settings.DELIVERY_RETRY_SECONDS * 2 ** min(made - 1, 10), _LONGEST)
    return now + datetime.timedelta(seconds=seconds * _random.uniform(0.8, 1.2))


def last_attempt(channel: Channel, created_at: datetime.datetime) -> datetime.datetime:
    """After which it is given up."""
    return created_at + PATIENCE.get(channel, _OTHERS)
