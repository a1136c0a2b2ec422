"""`make bench`, with few contacts: it goes through, and says what it measured. How fast that was, no test asks."""

import subprocess
from collections.abc import Callable

import pytest

from bench.probe import spread
from bench.report import table

pytestmark = pytest.mark.xdist_group("bench")


def test_it_measures_imports_and_pages_beside_postgresql(
    run: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    done = run("bench", CONTACTS=300, SAMPLES=5, ROUNDS=1, EVENTS=3000, SEGMENTS=4, FILTERS=3)

    assert done.returncode == 0, done.stderr
    assert "## 300 contacts" in done.stdout
    assert "## 3,000 events" in done.stdout
    measured = [line.split(" | ")[0].removeprefix("| ") for line in done.stdout.splitlines() if line.startswith("| ")]
    for name in (
        "Import, all rows new",
        "Import of the same file again",
        "Import, every name changed",
        "SELECT of one contact by its id",
        "Profile",
        "Variables tab, 300 variables",
        "Exact search by phone number",
        "First and last name, misspelt",
        "Contacts by name, last page",
        "Rarest language, inactive, newest first",
        "Add events",
        "Export a feed, CSV",
        "Export contacts, CSV",
        "Export a feed, XLSX",
        "One segment from scratch",
        "300 changed contacts, 4 segments",
    ):
        assert measured.count(name) == 1, name
    assert measured.count("Channel, origin and status, oldest first") >= 4, "in two periods, of contacts of more sizes"


def test_spread_is_the_median_and_what_all_but_a_twentieth_stay_below() -> None:
    assert spread([float(value) for value in range(100, 0, -1)]) == (50.0, 95.0)
    assert spread([7.0]) == (7.0, 7.0)


def test_tables_have_numbers_to_the_right() -> None:
    rows = [("Import", "1,000", "87%"), ("Dry run", "900", "")]

    assert table(("Step", "Rows/s", "Ratio"), rows) == (
        "| Step | Rows/s | Ratio |\n"
        "| --- | ---: | ---: |\n"
        "| Import | 1,000 | 87% |\n"
        "| Dry run | 900 |  |"
    )  # fmt: skip
