"""`make bench`: imports, search, list, profile, feeds, exports, segments, scores, beside PostgreSQL alone in one run.

CONTACTS: how many (100,000). ROUNDS: how often a fresh file is imported, and each filter asked for (3). SAMPLES: how
many contacts are looked at (500). EVENTS: how many events they all have (1,000,000). BENCH_VAR: a folder that is kept,
with all of these, for the next run. SEGMENTS: how many are evaluated at once (200). FILTERS: how many of each class
of feeds are asked for (all). Prints tables in Markdown.
"""

import os

from bench import report
from bench.imports import EMPTY, USED, measure
from bench.stand import Stand, say, stand

EVENTS = 1_000_000
# More than any class of them has.
_FILTERS = 1_000
# The history of the contact that is erased.
_HEAVY = 100_000


def main() -> None:
    size = _number("CONTACTS", 100_000)
    with stand() as place:
        place.database(EMPTY)
        place.migrate(EMPTY)
        imported = measure(place, size, _number("ROUNDS", 3))
        say("Measuring pages")
        furnished = _furnished(place, size)
        pages = place.call("bench.pages.pages", size, _number("SAMPLES", 500), on=furnished)
        print(f"## {size:,} contacts\n\n{report.machine(place, imported.commit_seconds)}\n")
        print(f"### Import\n\n{report.imports(imported)}\n")
        print(report.pages(pages), flush=True)
        _events(place, furnished)


def _events(place: Stand, furnished: str) -> None:
    say("Measuring feeds")
    feeds = place.call(
        "bench.feed.feeds", _number("EVENTS", EVENTS), _number("ROUNDS", 3), _number("FILTERS", _FILTERS), on=furnished
    )
    heaviest = place.call("bench.pages.of_the_heaviest", _number("SAMPLES", 500) // 5, on=furnished)
    say("Exporting")
    exported = place.call("bench.exports.exports", _number("ROUNDS", 3), on=furnished)
    say("Adding events")
    place.database(USED, like=furnished)
    count = min(200_000, feeds["events"])
    ingested = place.call("bench.ingest.ingest", count, _number("ROUNDS", 3), on=USED)
    print(
        f"\n## {feeds['events']:,} events\n\n{report.ingest(count, *ingested)}\n\n{report.exports(exported)}\n\n"
        f"{report.whole(heaviest)}\n\n{report.feeds(feeds)}",
        flush=True,
    )
    say("Evaluating segments")
    evaluated = place.call("bench.segments.segments", _number("SEGMENTS", 200), on=USED)
    print(f"\n{report.kept_up('Segments', evaluated)}", flush=True)
    say("Computing scores")
    print(f"\n{report.kept_up('Scores', place.call('bench.scoring.scores', on=USED))}", flush=True)
    say("Erasing contacts")
    many = min(10_000, _number("CONTACTS", 100_000) // 2)
    heavy = min(_HEAVY, feeds["events"])
    erased = place.call("bench.erasing.erasing", heavy, many, on=USED)
    print(f"\n{report.erasing(heavy, many, *erased)}")


def _furnished(place: Stand, size: int) -> str:
    """The database for so many contacts and events: that of an earlier run in the same folder, if it is still alike."""
    name = f"bench_pages_{size}_{_number('EVENTS', EVENTS)}"
    if not place.has_database(name) or place.schema(name) != place.schema(EMPTY):
        place.database(name, like=EMPTY)
    return name


def _number(name: str, usual: int) -> int:
    return int((os.environ.get(name) or str(usual)).replace("_", "").replace(",", ""))


if __name__ == "__main__":
    main()
