"""Blows at an import or an export while workers are at it."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from bench.crew import Crew
from bench.stand import Stand, say
from bench.watching import Sight, look

_TICK_SECONDS = 0.02
_PATIENCE_SECONDS = 180.0
_MOST_LOST = 3


class Blow(NamedTuple):
    """What happens when a worker has got to a row, or would have, if it did so at the pace of an undisturbed run."""

    row: float
    name: str
    strike: Callable[[], None]
    # Whether another worker must take the import over.
    is_fatal: bool = True


class Storm:
    """One transfer and what befalls it. `pace` is in rows a second; `retry` takes it up again, by its number."""

    def __init__(self, stand: Stand, database: str, crew: Crew, *, pace: float, retry: str) -> None:
        self.stand = stand
        self.database = database
        self.crew = crew
        self.pace = pace
        self.retry = retry
        self.struck: Counter[str] = Counter()
        # How many workers were lost behind each checkpoint.
        self.lost: Counter[int] = Counter()

    def rage(self, blows: Iterable[Blow]) -> Sight:
        """Strikes each blow in turn, then lets it come to its end; returns how it ended."""
        self.crew.start("beat")
        self.crew.start("worker")
        try:
            fence = 0
            for blow in blows:
                seen = self._await(blow, behind=fence)
                if seen.state == "done":
                    break
                say(f"Behind row {seen.done:,}: {blow.name}")
                blow.strike()
                self.struck[blow.name] += 1
                if blow.is_fatal:
                    fence = seen.fence
                    self.lost[seen.done] += 1
            return self._await(None, behind=fence)
        finally:
            self.crew.end()

    def _await(self, blow: Blow | None, *, behind: int) -> Sight:
        """Waits until it is done, or a worker later than the one numbered `behind` is where to strike."""
        changed, known = time.monotonic(), None
        failed_at = -1
        while time.monotonic() - changed < _PATIENCE_SECONDS:
            time.sleep(_TICK_SECONDS)
            seen = look(self.stand.url(self.database))
            if seen is None:
                continue
            if seen != known:
                changed, known = time.monotonic(), seen
            if seen.state == "done" or (blow and seen.fence > behind and self._is_due(blow, seen, changed)):
                return seen
            if seen.state == "failed":
                if seen.done == failed_at:
                    raise SystemExit(f"It fails although nothing befalls it: {seen.error}")
                failed_at = seen.done
                self._retry(seen)
        raise SystemExit(f"Nothing has happened for {_PATIENCE_SECONDS:.0f} seconds: {known}")

    def _is_due(self, blow: Blow, seen: Sight, since: float) -> bool:
        # Lost too often in one place, a transfer gives up. So that it is struck everywhere, let it pass now and then.
        if seen.state != "running" or (blow.is_fatal and self.lost[seen.done] >= _MOST_LOST):
            return False
        return seen.done + (time.monotonic() - since) * self.pace >= blow.row

    def _retry(self, seen: Sight) -> None:
        say(f"Failed at row {seen.done:,} ({seen.error}): taken up again, as a person would")
        self.struck["taken up again by hand"] += 1
        self.stand.call(self.retry, seen.pk, on=self.database)
