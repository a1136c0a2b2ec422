"""Events as they come in, by `record_many`, beside a bare COPY of the same rows into the same table."""

import datetime
import io
import time
from collections.abc import Iterator, Sequence
from random import Random
from statistics import median

from django.db import connection, transaction
from django.utils import timezone

from activity.catalogue import KINDS
from activity.events import NewEvent, record_many
from contacts.models import Contact

_COPY = "COPY activity_event (contact_id, occurred_at, message_id, channel, origin, status, data) FROM STDIN"
_DATA = {"title": "Autumn offer: 20 % off boots", "campaign": "Autumn", "segment": "Kyiv, women", "tags": ["boots"]}


def ingest(count: int, rounds: int) -> tuple[float, float, float]:
    """Seconds for `count` events by us and by COPY, medians of the rounds, and the median of COPY's part of ours."""
    contacts = list(Contact.objects.order_by("id").values_list("id", flat=True))
    pairs = []
    for number in range(rounds):
        events = list(_events(contacts, count, number))
        pairs.append((_ours(events), _bare(events)) if number % 2 else (_bare(events), _ours(events))[::-1])
    ours, bare = (median(each) for each in zip(*pairs, strict=True))
    return ours, bare, median(copied / recorded for recorded, copied in pairs)


def _events(contacts: Sequence[int], count: int, seed: int) -> Iterator[NewEvent]:
    """Those of the last month in their order, of contacts at random."""
    draw, now = Random(seed).random, timezone.now()
    for number in range(count):
        at = now - datetime.timedelta(days=30) * (1 - number / count)
        kind = KINDS[int(draw() * len(KINDS))]
        yield NewEvent(contacts[int(draw() * len(contacts))], at, *kind, 10**12 + number, _DATA)


def _ours(events: Sequence[NewEvent]) -> float:
    started = time.perf_counter()
    record_many(events)
    return time.perf_counter() - started


def _bare(events: Sequence[NewEvent]) -> float:
    data = (
        '{"title": "Autumn offer: 20 % off boots", "campaign": "Autumn", "segment": "Kyiv, women", "tags": ["boots"]}'
    )
    lines = "".join(
        f"{new.contact_id}\t{new.occurred_at.isoformat()}\t{new.message_id}\t"
        f"{new.channel:d}\t{new.origin:d}\t{new.status:d}\t{data}\n"
        for new in events
    ).encode()
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert(_COPY, io.BytesIO(lines), 256 * 1024)
    return time.perf_counter() - started
