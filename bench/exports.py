"""Exports as a worker makes them, beside COPY of the same rows into a file."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection
from django.db.models import Count
from django.http import QueryDict

from activity import transfers
from activity.audit import Actor
from activity.exports.feed import start_feed_export
from activity.exports.files import finished
from activity.feed import Filters, Period
from activity.models import Event, Transfer
from bench.importing import peak_memory
from contacts import exporting
from contacts.forms import FilterForm
from contacts.models import Contact, ContactList

_ACTOR = Actor(name="bench")
_FEED = "COPY (SELECT * FROM activity_event WHERE contact_id = {} ORDER BY occurred_at DESC, id DESC) TO STDOUT"
_CONTACTS = "COPY (SELECT * FROM contacts_contact ORDER BY id DESC) TO STDOUT"

Start = Callable[[], Transfer]


def exports(rounds: int) -> dict[str, Any]:
    """Exports of the feed with the most events and of all contacts, some rounds each.

    Returns `lines`: name, rows, seconds, what PostgreSQL alone did, its seconds, and the median of its part of ours;
    and the peak of `memory` in bytes before and after.
    """
    before = peak_memory()
    counts = Event.objects.values_list("contact_id").annotate(count=Count("id")).order_by("-count", "contact_id")
    pk, count = counts.first() or (0, 0)
    people = Contact.objects.count()
    feed = _FEED.format(pk)
    lines = [
        ("Export a feed, CSV", count, *_compared(lambda: _feed(pk, "csv"), feed, rounds)),
        ("Export contacts, CSV", people, *_compared(lambda: _contacts("csv"), _CONTACTS, rounds)),
        ("Export a feed, XLSX", count, *_compared(lambda: _feed(pk, "xlsx"), feed, 1)),
    ]
    return {"lines": lines, "memory": [before, peak_memory()]}


def _compared(start: Start, copy: str, rounds: int) -> tuple[float, str, float, float]:
    pairs = []
    for number in range(rounds):
        pairs.append((_ours(start), _bare(copy)) if number % 2 else (_bare(copy), _ours(start))[::-1])
    ours, bare = (median(each) for each in zip(*pairs, strict=True))
    return ours, "COPY … TO STDOUT", bare, median(copied / made for made, copied in pairs)


def _feed(pk: int, format_: str) -> Transfer:
    return start_feed_export(pk, filters=Filters(period=Period.ALL), format_=format_, actor=_ACTOR)


def _contacts(format_: str) -> Transfer:
    everybody = FilterForm(QueryDict(), contact_list=ContactList.default())
    columns = [name for name, _label in exporting.choices()]
    return exporting.start_contact_export(everybody, search="", columns=columns, format_=format_, actor=_ACTOR)


def _ours(start: Start) -> float:
    """Seconds from the claim to the finished file."""
    transfer = start()
    started = time.perf_counter()
    transfers.run(transfer.pk)
    seconds = time.perf_counter() - started
    transfer.refresh_from_db()
    if not transfer.result:
        raise RuntimeError(f"{transfer.state} {transfer.error}")
    finished(transfer).unlink()
    return seconds


def _bare(copy: str) -> float:
    path = Path(Transfer(parameters={}).path, "bare")
    started = time.perf_counter()
    with path.open("wb") as file, connection.cursor() as cursor:
        cursor.copy_expert(copy, file)
    seconds = time.perf_counter() - started
    path.unlink()
    return seconds
