"""Blows at an import while workers are at it."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from bench.crew import Crew
from bench.stand import Stand, say
from bench.watching import Sight, look

_TICK_SECONDS = 0.02
_PATIENCE_SECONDS = 180.0


class Blow(NamedTuple):
    """What happens when a worker has got to a row, or would have, if it did so at the pace of an undisturbed run."""

    row: float
    name: str
    strike: Callable[[], None]
    # Whether another worker must take the import over.
    is_fatal: bool = True


class Storm:
    """One import and what befalls it. `pace` is in rows a second."""

    def __init__(self, stand: Stand, database: str, crew: Crew, *, pace: float) -> None:
        self.stand = stand
        self.database = database
        self.crew = crew
        self.pace = pace
        self.struck: Counter[str] = Counter()

    def rage(self, blows: Iterable[Blow]) -> Sight:
        """Strikes each blow in turn, then lets the import come to its end; returns how it ended."""
        self.crew.start("beat")
        self.crew.start("worker")
        try:
            fence = 0
            for blow in blows:
                seen = self._await(blow.row, behind=fence)
                if seen.state == "done":
                    break
                say(f"Behind row {seen.done:,}: {blow.name}")
                blow.strike()
                self.struck[blow.name] += 1
                fence = seen.fence if blow.is_fatal else fence
            return self._await(float("inf"), behind=fence)
        finally:
            self.crew.end()

    def _await(self, row: float, *, behind: int) -> Sight:
        """Waits until the worker that took the import after the one numbered `behind` is at this row, or it is done."""
        changed, known = time.monotonic(), None
        failed_at = -1
        while time.monotonic() - changed < _PATIENCE_SECONDS:
            time.sleep(_TICK_SECONDS)
            seen = look(self.stand.url(self.database))
            if seen is None:
                continue
            if seen != known:
                changed, known = time.monotonic(), seen
            passed = seen.done + (time.monotonic() - changed) * self.pace
            if seen.state == "done" or (seen.state == "running" and seen.fence > behind and passed >= row):
                return seen
            if seen.state == "failed":
                if seen.done == failed_at:
                    raise SystemExit(f"It fails although nothing befalls it: {seen.error}")
                failed_at = seen.done
                self._retry(seen)
        raise SystemExit(f"Nothing has happened for {_PATIENCE_SECONDS:.0f} seconds: {known}")

    def _retry(self, seen: Sight) -> None:
        say(f"Failed at row {seen.done:,} ({seen.error}): taken up again, as a person would")
        self.struck["taken up again by hand"] += 1
        self.stand.call("bench.importing.retry_import", seen.pk, on=self.database)
