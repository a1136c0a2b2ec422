"""The time that a call of a provider has, with all that belongs to it: however slowly a server answers, byte for byte,
the call has ended before others may take its message for lost."""

import time

from django.conf import settings


class Deadline:
    """Begun anew with each call; what waits on a network asks it how long it may."""

    def __init__(self) -> None:
        self._end = 0.0

    def begin(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """Seconds, `most` at most. Raises `TimeoutError` where there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")  # as the standard library says
        return left if most is None else min(left, most)


def seconds_for(timeout: float) -> float:
    """Of the provider's own timeout, so much that the lease outlasts the call (`messaging.delivery.gate`)."""
    return min(timeout, float(settings.DELIVERY_LEASE_SECONDS) / 2)
