"""The ledger of erasures: a file beside the database, by which a restored backup is brought up to date.

A line of JSON an erased contact: its primary key and when it was added, which together name it in any backup, and when
it was erased. Before them a line with what outlives all of one erasure: keyed digests of the addresses that must not be
written to. No personal data.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.dateparse import parse_datetime

from contacts.erasure import personal_data
from contacts.models import Contact, Erasure


class Unreadable(Exception):
    """A line of the ledger is none; the text says which."""


class Line(NamedTuple):
    """A contact."""

    contact: int
    added_at: Any
    erased_at: Any


class Refusals(NamedTuple):
    """What outlives the contacts of an erasure, by the names of `personal_data.outlives`."""

    erasure: int
    erased_at: Any
    legacies: dict[str, personal_data.Rows]


def write(erasure: Erasure) -> None:
    """Adds the contacts of an erasure, and returns once they are on the disk."""
    at = erasure.at.isoformat()
    lines: list[dict[str, Any]] = [
        {"contact": pk, "added_at": added_at, "erased_at": at} for pk, added_at in erasure.contacts
    ]
    if erasure.legacies:
        lines.insert(0, {"erasure": erasure.pk, "erased_at": at, "legacies": erasure.legacies})
    settings.ERASURES_LEDGER.parent.mkdir(parents=True, exist_ok=True)
    with settings.ERASURES_LEDGER.open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps(line) + "\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Iterator[Line | Refusals]:
    """Raises `Unreadable`, but for a last line that was cut off while it was written."""
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            try:
                yield _line(json.loads(text))
            except (ValueError, KeyError, TypeError):
                if text.endswith("\n"):
                    raise Unreadable(f"Line {number} of {path} is no line of a ledger.") from None


def _line(told: dict[str, Any]) -> Line | Refusals:
    """Raises `KeyError`, `TypeError` and `ValueError` for what is none."""
    at = parse_datetime(told["erased_at"])
    if "legacies" in told:
        return Refusals(int(told["erasure"]), at, dict(told["legacies"]))
    return Line(int(told["contact"]), parse_datetime(told["added_at"]), at)


def returned(path: Path) -> list[int]:
    """Contacts that are there again although the ledger has them."""
    return [
        line.contact
        for line in read(path)
        if isinstance(line, Line) and Contact.objects.filter(pk=line.contact, added_at=line.added_at).exists()
    ]


def restore(path: Path) -> int:
    """Puts back what outlived erasures of which the database knows nothing; returns how many rows were missing.

    Those that it knows are left alone: what came after them is somebody's new decision.
    """
    return sum(
        personal_data.restore(line.legacies)
        for line in read(path)
        if isinstance(line, Refusals) and not Erasure.objects.filter(pk=line.erasure, at=line.erased_at).exists()
    )
