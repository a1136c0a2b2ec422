"""`make chaos`, at a smaller size: kills, an empty broker and a crash of PostgreSQL leave no trace in an import or an
export."""

import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.differences import Ending, differences

pytestmark = pytest.mark.xdist_group("bench")


def test_imports_and_exports_survive_whatever_befalls_its_workers(
    run: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    done = run("bench.chaos", ROWS=1500, EVENTS=60_000, KILLS=1)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "worker killed" in done.stderr
    assert done.stdout == (
        "The same contacts, counts and refused rows as of one clean run.\nOne complete file, each event in it once.\n"
    )


def test_messages_survive_whatever_befalls_their_senders(
    run: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    done = run("bench.sending_chaos", MESSAGES=60, KILLS=1, OPT_OUTS=5)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "Each message once, none lost, none to who had left.\n"


CLEAN = Ending(
    contacts=["u-1 | Olena", "u-2 | Taras"], result={"new": 2, "refused": 1}, refused=["header\n", "row 3\n"]
)


def test_the_same_endings_have_no_differences() -> None:
    assert differences(CLEAN, replace(CLEAN)) == []


def test_lost_and_repeated_contacts_are_told() -> None:
    shaken = replace(CLEAN, contacts=["u-1 | Olena", "u-1 | Olena"])

    assert differences(CLEAN, shaken) == [
        "contact: 1 lost", "  u-2 | Taras",
        "contact: 1 added", "  u-1 | Olena",
    ]  # fmt: skip


def test_another_order_other_counts_and_refusals_are_told() -> None:
    shaken = replace(CLEAN, contacts=CLEAN.contacts[::-1], result={"new": 3}, refused=["header\n"])

    found = differences(CLEAN, shaken)

    assert found[0] == "contact: in another order"
    assert found[1:3] == ["refused: 1 lost", "  row 3"]
    assert found[3].startswith("counts: ")
