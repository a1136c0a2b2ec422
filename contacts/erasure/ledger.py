"""The ledger of erasures: a file beside the database, by which a restored backup is brought up to date.

A line of JSON an erased contact: its primary key and when it was added, which together name it in any backup, and when
it was erased. No personal data.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.dateparse import parse_datetime

from contacts.models import Contact, Erasure


class Unreadable(Exception):
    """A line of the ledger is none; the text says which."""


class Line(NamedTuple):
    contact: int
    added_at: Any
    erased_at: Any


def write(erasure: Erasure) -> None:
    """Adds the contacts of an erasure, and returns once they are on the disk."""
    lines = (
        {"contact": pk, "added_at": added_at, "erased_at": erasure.at.isoformat()} for pk, added_at in erasure.contacts
    )
    settings.ERASURES_LEDGER.parent.mkdir(parents=True, exist_ok=True)
    with settings.ERASURES_LEDGER.open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps(line) + "\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Iterator[Line]:
    """Raises `Unreadable`, but for a last line that was cut off while it was written."""
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            try:
                line = json.loads(text)
                yield Line(int(line["contact"]), parse_datetime(line["added_at"]), parse_datetime(line["erased_at"]))
            except (ValueError, KeyError, TypeError):
                if text.endswith("\n"):
                    raise Unreadable(f"Line {number} of {path} is no line of a ledger.") from None


def returned(path: Path) -> list[int]:
    """Contacts that are there again although the ledger has them."""
    found = []
    for line in read(path):
        if Contact.objects.filter(pk=line.contact, added_at=line.added_at).exists():
            found.append(line.contact)
    return found
