"""`make chaos`: a worker is killed at random points of an import and of an export, which must end as if nothing had
happened.

ROWS: of the imported file (100,000). EVENTS: in the export (1,000,000). KILLS: how many, in each (20). SEED: another
one makes other rows and other points (1). In between the broker loses all it holds, and PostgreSQL crashes. Ends with
status 1 and the differences, where contacts, counts or refused rows differ from those of one clean run, or where the
export is not one complete file with each event once.
"""

import os
import sys
import time
from random import Random

import redis

from bench.crew import Crew, crash_postgres
from bench.differences import Ending, differences
from bench.files import cells, write_csv
from bench.mixed import mixed_rows
from bench.people import people
from bench.stand import Stand, say, stand
from bench.storm import Blow, Storm
from bench.watching import look

_BEFORE, _CLEAN, _SHAKEN = "chaos_before", "chaos_clean", "chaos_shaken"
_EXPORTED = "chaos_exported"
_USUAL = {"ROWS": 100_000, "EVENTS": 1_000_000, "KILLS": 20, "SEED": 1}
# Far less than in production, so that killed workers are missed soon.
_LEASE_SECONDS = 1.0


def main() -> None:
    rows, events, kills, seed = (int(os.environ.get(name) or usual) for name, usual in _USUAL.items())
    with stand() as place:
        found = _differences(place, rows=rows, kills=kills, seed=seed)
        lost = _export(place, events=events, kills=kills, seed=seed)
    print("\n".join(found) or "The same contacts, counts and refused rows as of one clean run.")
    print("\n".join(lost) or "One complete file, each event in it once.")
    sys.exit(bool(found or lost))


def _differences(place: Stand, *, rows: int, kills: int, seed: int) -> list[str]:
    known = rows // 10
    early, mixed = place.work / "early.csv", place.work / "mixed.csv"
    write_csv(early, map(cells, people(known)))
    write_csv(mixed, mixed_rows(rows, known=known, seed=seed))
    place.database(_BEFORE)
    place.migrate(_BEFORE)
    place.call("bench.importing.import_file", str(early), on=_BEFORE)

    place.database(_CLEAN, like=_BEFORE)
    seconds = place.call("bench.importing.import_file", str(mixed), on=_CLEAN)["seconds"]["run"]
    undisturbed = _ending(place, _CLEAN)
    say(f"Undisturbed: {seconds:.1f} seconds, {_counts(undisturbed)}")

    place.database(_SHAKEN, like=_BEFORE)
    place.call("bench.importing.queue_import", str(mixed), on=_SHAKEN)
    crew = Crew(place, _SHAKEN, lease_seconds=_LEASE_SECONDS)
    storm = Storm(place, _SHAKEN, crew, pace=rows / seconds, retry="bench.importing.retry_import")
    seen = storm.rage(_blows(place, crew, rows, kills, Random(seed)))
    struck = ", ".join(f"{count} × {name}" for name, count in storm.struck.items())
    survived = _ending(place, _SHAKEN)
    say(f"In the storm: {struck}; {seen.fence} times taken by a worker; {_counts(survived)}")
    return differences(undisturbed, survived)


def _export(place: Stand, *, events: int, kills: int, seed: int) -> list[str]:
    """What is wrong with an export that the same befell."""
    place.database(_EXPORTED, like=_BEFORE)
    contact = place.call("bench.exporting.furnish", events, on=_EXPORTED)
    started = time.monotonic()
    place.call("bench.exporting.export_alone", contact, on=_EXPORTED)
    pace = events / (time.monotonic() - started)
    pk = place.call("bench.exporting.queue_export", contact, on=_EXPORTED)
    crew = Crew(place, _EXPORTED, lease_seconds=_LEASE_SECONDS)
    storm = Storm(place, _EXPORTED, crew, pace=pace, retry="bench.exporting.retry_export")
    seen = storm.rage(_blows(place, crew, events, kills, Random(seed)))
    struck = ", ".join(f"{count} × {name}" for name, count in storm.struck.items())
    say(f"Export of {events:,} events in the storm: {struck}; {seen.fence} times taken by a worker")
    found: list[str] = place.call("bench.exporting.outcome", pk, events, on=_EXPORTED)
    return found


def _blows(place: Stand, crew: Crew, rows: int, kills: int, random: Random) -> list[Blow]:
    """Kills at random rows, and in between the broker empty and PostgreSQL gone, once each."""

    def kill() -> None:
        crew.kill("worker")
        crew.start("worker")

    def points(count: int) -> list[float]:
        return [random.uniform(0, rows) for _ in range(count)]

    blows = [Blow(row, "worker killed", kill) for row in points(kills)]
    blows += [Blow(row, "broker emptied", lambda: _empty_broker(place), is_fatal=False) for row in points(1)]
    blows += [Blow(row, "PostgreSQL crashed", lambda: crash_postgres(place)) for row in points(1)]
    return sorted(blows)


def _empty_broker(place: Stand) -> None:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.flushall()


def _ending(place: Stand, database: str) -> Ending:
    seen = look(place.url(database))
    if seen is None:
        raise SystemExit("PostgreSQL has gone.")
    return Ending.read(place.url(database), seen.result, place.folder / "transfers" / seen.folder / "refused.csv")


def _counts(ending: Ending) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in ending.result.items() if name != "reasons")


if __name__ == "__main__":
    main()
