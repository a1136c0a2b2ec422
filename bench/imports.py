"""Imports beside what PostgreSQL itself can do with the same rows. Every run begins with a fresh copy of a database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench import raw
from bench.files import cells, write_csv, write_lines
from bench.people import Person, people
from bench.stand import Stand, say

EMPTY, LOADED, USED = "bench_empty", "bench_loaded", "bench_imports"
_SMALL = 10_000


@dataclass(frozen=True)
class Line:
    """A measured step: rows and seconds, beside those of PostgreSQL alone."""

    name: str
    rows: int
    seconds: float
    beside: str = ""
    beside_seconds: float = 0.0
    # Median of those of the rounds, each of two neighbours in time.
    ratio: float = 0.0


@dataclass(frozen=True)
class Imports:
    lines: list[Line]
    # Rows, memory before the first step and its peak, of a small and of the large file.
    memory: list[tuple[int, int, int]]
    commit_seconds: float


class Trial:
    """The imports of one size."""

    def __init__(self, stand: Stand, size: int) -> None:
        self.stand = stand
        self.size = size
        self.list_id = raw.default_list(stand.url(EMPTY))

    def csv(self, name: str, count: int, change: Callable[[Person], Person] = lambda person: person) -> Path:
        path = self.stand.work / f"{name}.csv"
        write_csv(path, (cells(change(person)) for person in people(count)))
        return path

    def lines(self) -> Path:
        path = self.stand.work / "lines"
        write_lines(path, people(self.size), list_id=self.list_id)
        return path

    def ours(self, path: Path, *, like: str, **expected: int) -> dict[str, Any]:
        """An import; refuses to go on where its counts are others than expected, since its times mean nothing then."""
        self.stand.database(USED, like=like)
        done: dict[str, Any] = self.stand.call("bench.importing.import_file", str(path), on=USED)
        for counts in (done["check"], done["result"]):
            found = {name: counts.get(name, 0) for name in ("new", "updated", "unchanged", "repeated", "refused")}
            if {name: count for name, count in found.items() if count} != expected:
                raise SystemExit(f"{path.name}: expected {expected}, the import counted {found}")
        return done


def measure(stand: Stand, size: int, rounds: int) -> Imports:
    """All imports; those of a fresh file `rounds` times."""
    trial = Trial(stand, size)
    say("Writing files")
    small = min(_SMALL, max(1, size // 10))
    fresh, lines = trial.csv("fresh", size), trial.lines()
    say(f"Importing {small:,} rows")
    warm_up = trial.ours(trial.csv("small", small), like=EMPTY, new=small)
    found = [*_fresh(trial, fresh, lines, rounds)]
    large = found[-1]
    changes = [*_again(trial, fresh, lines), *_changed(trial)]
    return Imports(
        lines=_summary(size, found) + changes,
        memory=[(small, *warm_up["memory"]), (size, *large["memory"])],
        commit_seconds=raw.commit(stand.url(USED)),
    )


def _fresh(trial: Trial, fresh: Path, lines: Path, rounds: int) -> Iterator[dict[str, Any]]:
    """Rounds of a bare COPY and the import; leaves a database with all contacts behind."""
    for number in range(rounds):
        say(f"Importing {trial.size:,} new rows, round {number + 1} of {rounds}")
        url = trial.stand.database(USED, like=EMPTY)
        seconds = raw.copy_in(url, lines)
        copied = raw.fingerprint(url)
        done = trial.ours(fresh, like=EMPTY, new=trial.size)
        if raw.fingerprint(url) != copied:
            raise SystemExit("The import and COPY of the same people ended with different contacts.")
        yield done | {"raw": seconds}
    trial.stand.database(LOADED, like=USED)


def _summary(size: int, rounds: list[dict[str, Any]]) -> list[Line]:
    seconds = {name: median(each["seconds"][name] for each in rounds) for name in ("inspect", "check", "run")}
    copy = median(each["raw"] for each in rounds)
    ratio = median(each["raw"] / each["seconds"]["run"] for each in rounds)
    return [
        Line("Inspect the file", size, seconds["inspect"]),
        Line("Dry run, all rows new", size, seconds["check"]),
        Line("Import, all rows new", size, seconds["run"], "COPY into the same indexed table", copy, ratio),
    ]


def _again(trial: Trial, fresh: Path, lines: Path) -> Iterator[Line]:
    say("Importing the same file again")
    seconds = raw.compare(trial.stand.database(USED, like=LOADED), lines)
    ours = trial.ours(fresh, like=LOADED, unchanged=trial.size)["seconds"]
    beside = "COPY into a temporary table, one join"
    yield Line("Dry run of the same file again", trial.size, ours["check"], beside, seconds, seconds / ours["check"])
    yield Line("Import of the same file again", trial.size, ours["run"], beside, seconds, seconds / ours["run"])


def _changed(trial: Trial) -> Iterator[Line]:
    married = trial.csv("names", trial.size, lambda person: person._replace(last_name=f"{person.last_name}-Doe"))
    yield _change(trial, "Import, every name changed", married, "last_name = last_name || '-Doe'")
    buyers = trial.csv("variables", trial.size, lambda person: person._replace(orders=person.orders + 1))
    increased = "variables = variables || jsonb_build_object('orders', (variables->>'orders')::int + 1)"
    yield _change(trial, "Import, one variable of every row changed", buyers, increased)


def _change(trial: Trial, name: str, path: Path, change: str) -> Line:
    say(name)
    seconds = raw.update(trial.stand.database(USED, like=LOADED), f"{change}, updated_via = 'import'")
    ours = trial.ours(path, like=LOADED, updated=trial.size)["seconds"]["run"]
    return Line(name, trial.size, ours, "one UPDATE of every row", seconds, seconds / ours)
