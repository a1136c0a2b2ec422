"""The tables, in Markdown."""

import os
import platform
from collections.abc import Iterable, Sequence
from typing import Any

import django
import psutil

from bench.imports import Imports, Line
from bench.stand import Stand

_SETTINGS = ("shared_buffers", "max_wal_size", "wal_compression", "fsync", "synchronous_commit", "full_page_writes")
_PAGE_HEADS = ("Page", "Statements", "SQL p50, ms", "SQL p95, ms", "÷ alone", "Response p50, ms", "Response p95, ms")


def machine(stand: Stand, commit_seconds: float) -> str:
    """What was measured on, as a list."""
    with stand.superuser() as cursor:
        cursor.execute("SELECT name, current_setting(name) FROM unnest(%s) AS name", [list(_SETTINGS)])
        settings = ", ".join(f"{name} {value}" for name, value in cursor.fetchall())
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()
    memory = psutil.virtual_memory().total / 1024**3
    return "\n".join(
        (
            f"- {os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()} {platform.machine()};"
            f" load {os.getloadavg()[0]:.1f} at the end",
            f"- Python {platform.python_version()}, Django {django.get_version()}",
            f"- PostgreSQL {(version or ('?',))[0]}: {settings}; a commit takes {_ms(commit_seconds)} ms",
        )
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown"


def imports(measured: Imports) -> str:
    rows = [_import_row(line) for line in measured.lines]
    heads = ("Step", "Rows/s", "Seconds", "PostgreSQL alone", "Rows/s", "Ratio")
    return table(heads, rows) + "\n\n" + memory(measured.memory)


def _import_row(line: Line) -> tuple[str, ...]:
    ours = (line.name, f"{line.rows / line.seconds:,.0f}", f"{line.seconds:.2f}")
    if not line.beside:
        return (*ours, "", "", "")
    return (*ours, line.beside, f"{line.rows / line.beside_seconds:,.0f}", f"{line.ratio:.0%}")


def memory(measured: Iterable[tuple[int, int, int]]) -> str:
    """Memory of the importing process, in MB: before it begins, and its peak over all steps."""
    rows = [(f"{count:,}", _mb(before), _mb(peak), _mb(peak - before)) for count, before, peak in measured]
    return table(("Rows in the file", "Before, MB", "Peak, MB", "Growth, MB"), rows)


def pages(measured: dict[str, Any]) -> str:
    """One table a group of pages, each beside the SELECT that its rows take at least."""
    one, many = measured["bare"]
    bare = table(
        ("PostgreSQL alone", "p50, ms", "p95, ms"),
        [("SELECT of one contact by its id", *map(_ms, one)), ("SELECT of the 51 newest contacts", *map(_ms, many))],
    )
    parts = [_seeding(measured["seeded"], measured["contacts"]), bare]
    for title, group in measured["groups"]:
        beside = many if title.startswith("Contact list") else one
        rows = [_page_row(page, beside[0]) for page in group]
        parts.append(f"### {title}\n\n" + table(_PAGE_HEADS, rows))
    return "\n\n".join(filter(None, parts))


def _seeding(seconds: float, count: int, what: str = "contacts") -> str:
    if not seconds:
        return ""
    return f"`manage.py seed` made the {what} in {seconds:.0f} seconds, {count / seconds:,.0f} a second."


def whole(measured: list[dict[str, Any]]) -> str:
    """Whole pages, without what PostgreSQL takes for the same."""
    heads = ("Page", "Statements", "SQL p50, ms", "p95, ms", "Whole p50, ms", "p95, ms")
    rows = []
    for page in measured:
        fewest, most = page["queries"]
        queries = f"{fewest}" if fewest == most else f"{fewest}–{most}"
        rows.append((page["name"], queries, *(_ms(seconds) for seconds in (*page["sql"], *page["whole"]))))
    return table(heads, rows)


def ingest(count: int, ours: float, bare: float, ratio: float) -> str:
    """Events added by `record_many` beside COPY."""
    heads = ("Step", "Rows/s", "Seconds", "PostgreSQL alone", "Rows/s", "Ratio")
    return table(heads, [_import_row(Line("Add events", count, ours, "COPY into the same table", bare, ratio))])


def erasing(heavy: int, many: int, one_seconds: float, many_seconds: float, events: int) -> str:
    """What erasures took."""
    rows = [
        (f"1 contact with {heavy:,} events", f"{one_seconds:.2f}"),
        (f"{many:,} contacts with {events:,} events", f"{many_seconds:.1f}"),
    ]
    return f"### Erasure\n\n{table(('Erased', 'Seconds'), rows)}"


def exports(measured: dict[str, Any]) -> str:
    """Files made by a worker beside COPY, and the memory that this took."""
    heads = ("Step", "Rows/s", "Seconds", "PostgreSQL alone", "Rows/s", "Ratio")
    rows = [_import_row(Line(*line)) for line in measured["lines"]]
    before, peak = measured["memory"]
    grown = f"Memory of the exporting process: {_mb(before)} MB before, {_mb(peak)} MB at its peak."
    return f"### Exports\n\n{table(heads, rows)}\n\n{grown}"


def kept_up(what: str, measured: dict[str, Any]) -> str:
    """What keeping segments or scores true takes, beside the same asked by hand, and the memory of the worker."""
    rows = [
        (name, f"{count:,}", _seconds(seconds), "" if beside is None else _seconds(beside))
        for name, count, seconds, beside in measured["lines"]
    ]
    before, peak = measured["memory"]
    grown = f"Memory of the evaluating process: {_mb(before)} MB before, {_mb(peak)} MB at its peak."
    return f"### {what}\n\n{table(('What', 'Rows', 'Seconds', 'Plain SELECT'), rows)}\n\n{grown}"


def feeds(measured: dict[str, Any]) -> str:
    """One table a contact and period, one row a class of filters: what its statements take."""
    heads = ("Filters", "First p50, ms", "p95, ms", "200th p50, ms", "p95, ms", "Summary p50, ms", "p95, ms")
    parts = [_seeding(measured["seeded"], measured["events"], "events")]
    for title, rows in measured["groups"]:
        parts.append(f"### {title}\n\n" + table(heads, map(_feed_row, rows)))
    return "\n\n".join(filter(None, parts))


def _feed_row(row: dict[str, Any]) -> tuple[str, ...]:
    deep = map(_ms, row["deep"]) if row["deep"] else ("", "")
    return (row["name"], *map(_ms, row["first"]), *deep, *map(_ms, row["summary"]))


def _page_row(page: dict[str, Any], beside: float) -> tuple[str, ...]:
    fewest, most = page["queries"]
    queries = f"{fewest}" if fewest == most else f"{fewest}–{most}"
    times = [_ms(seconds) for seconds in (*page["sql"], *page["whole"])]
    return (page["name"], queries, *times[:2], f"{page['sql'][0] / beside:.1f}", *times[2:])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, its first column to the left, numbers to the right."""
    rows = list(rows)
    numeric = [all(_is_number(row[place]) for row in rows) for place in range(len(heads))]
    lines = [heads, ["---:" if right else "---" for right in numeric], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _is_number(cell: str) -> bool:
    return not cell or cell[0].isdigit() or cell[0] in "+-−"


def _seconds(seconds: float) -> str:
    """Two digits at least, however short it is."""
    return f"{seconds:.2f}" if seconds >= 1 else f"{seconds:.2g}"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f}" if seconds >= 0.001 else f"{1000 * seconds:.2f}"


def _mb(size: int) -> str:
    return f"{size / 1024**2:.0f}"
