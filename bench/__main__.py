"""`make bench`: imports, search, list and profile, beside what PostgreSQL alone can do in the same run.

CONTACTS: how many (100,000). ROUNDS: how often a fresh file is imported (3). SAMPLES: how many contacts are looked at
(500). BENCH_VAR: a folder that is kept, with its contacts, for the next run. Prints tables in Markdown.
"""

import os

from bench import report
from bench.imports import EMPTY, measure
from bench.stand import Stand, say, stand


def main() -> None:
    size = _number("CONTACTS", 100_000)
    with stand() as place:
        place.database(EMPTY)
        place.migrate(EMPTY)
        imported = measure(place, size, _number("ROUNDS", 3))
        say("Measuring pages")
        pages = place.call("bench.pages.pages", size, _number("SAMPLES", 500), on=_furnished(place, size))
        print(f"## {size:,} contacts\n\n{report.machine(place, imported.commit_seconds)}\n")
        print(f"### Import\n\n{report.imports(imported)}\n")
        print(report.pages(pages))


def _furnished(place: Stand, size: int) -> str:
    """The database for so many contacts: that of an earlier run in the same folder, if its tables are still alike."""
    name = f"bench_pages_{size}"
    if not place.has_database(name) or place.schema(name) != place.schema(EMPTY):
        place.database(name, like=EMPTY)
    return name


def _number(name: str, usual: int) -> int:
    return int((os.environ.get(name) or str(usual)).replace("_", "").replace(",", ""))


if __name__ == "__main__":
    main()
