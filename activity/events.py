"""Writing events. They are added and never changed; the database sees to that."""

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.timezone import now as present
from django.utils.translation import gettext as _

from activity import months
from activity.catalogue import ALL_KINDS, Channel, Kind, Origin, Status
from activity.models import Event

# A clock that tells an earlier time was never set: the Unix epoch, a phone without its battery.
EARLIEST = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
# Clocks of other systems run ahead, and some tell local time as if it were UTC.
AHEAD = datetime.timedelta(days=1)
CHUNK = 50_000

_TABLE = Event._meta.db_table
_COPY = f"COPY {_TABLE} (contact_id, occurred_at, message_id, channel, origin, status, data) FROM STDIN"
_BUFFER = 256 * 1024
# One encoder for all: making one takes longer than using it.
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=DjangoJSONEncoder().default
).encode


class NotAnEvent(ValueError):
    """What cannot have happened; the text says why, to whoever sent it. `place` counts from 0 among many."""

    def __init__(self, reason: str, place: int = 0) -> None:
        super().__init__(reason)
        self.place = place


class NewEvent(NamedTuple):
    """An event to be. `occurred_at` is aware; `data` can be kept as JSON."""

    contact_id: int
    occurred_at: datetime.datetime
    channel: Channel
    origin: Origin
    status: Status = Status.NONE
    message_id: int | None = None
    data: Mapping[str, Any] = {}


def record(
    *,
    contact_id: int,
    channel: Channel,
    origin: Origin,
    status: Status = Status.NONE,
    occurred_at: datetime.datetime | None = None,
    message_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Adds one event, in the transaction of the change it tells of; it occurred now unless a time is given.

    Raises `NotAnEvent` for a kind that the catalogue lacks and for times that cannot be.
    """
    now = present()
    new = NewEvent(contact_id, occurred_at or now, channel, origin, status, message_id, data or {})
    _Rules(now).check(new, place=0)
    months.ensure([months.month_of(new.occurred_at)])
    return Event.objects.create(**new._asdict() | {"data": _clean(new.data)})


def record_many(events: Iterable[NewEvent]) -> int:
    """Adds events in their order, by COPY, all or none of them; returns how many.

    Raises `NotAnEvent` for the first that cannot have happened.
    """
    rest, rules, count = iter(events), _Rules(present()), 0
    with transaction.atomic(), connection.cursor() as cursor:
        while chunk := list(islice(rest, CHUNK)):
            for place, new in enumerate(chunk, count):
                rules.check(new, place)
            months.ensure({months.month_of(new.occurred_at) for new in chunk})
            cursor.copy_expert(_COPY, _Lines(map(_line, chunk)), _BUFFER)
            count += len(chunk)
    return count


def recording(kind: Kind, *, of: str, data: str = "{}") -> str:
    """SQL that adds an event of the present moment for each id in column `id` of the table or CTE `of`.

    For changes of many contacts by one statement: `WITH changed AS (UPDATE … RETURNING id) ` stands before it. `kind`
    is of the catalogue and `data` JSON without parameters, both the program's own words. Whoever runs it makes sure of
    the month first (`months.ensure_present`).
    """
    if kind not in ALL_KINDS or "'" in data or "%" in data:
        raise ValueError(kind, data)
    values = f"id, now(), {kind.channel:d}, {kind.origin:d}, {kind.status:d}, '{data}'::jsonb"
    return f"INSERT INTO {_TABLE} (contact_id, occurred_at, channel, origin, status, data) SELECT {values} FROM {of}"


def recording_one(new: NewEvent, *, of: str) -> tuple[str, dict[str, Any]]:
    """SQL that adds this event where the CTE `of` has a row, and its parameters by name. Its month is there before.

    Raises `NotAnEvent`.
    """
    _Rules(present()).check(new, place=0)
    months.ensure([months.month_of(new.occurred_at)])
    row = new._asdict() | {"data": _encode(_clean(new.data))}
    values = {f"event_{name}": value for name, value in row.items()}
    places = ", ".join(f"%({name})s" for name in values)
    return f"INSERT INTO {_TABLE} ({', '.join(new._fields)}) SELECT {places}::jsonb FROM {of}", values


class _Rules:
    """What may be told at some moment."""

    def __init__(self, now: datetime.datetime) -> None:
        self.latest = now + AHEAD
        oldest = months.oldest_kept(now)
        kept = EARLIEST if oldest is None else datetime.datetime.combine(oldest, datetime.time(), datetime.UTC)
        self.earliest = max(EARLIEST, kept)

    def check(self, new: NewEvent, place: int) -> None:
        if new[2:5] not in ALL_KINDS:
            kind = " · ".join(code.slug for code in new[2:5])
            raise NotAnEvent(_("There is no event of the kind %(kind)s.") % {"kind": kind}, place)
        if new.occurred_at.tzinfo is None:
            raise NotAnEvent(_("The time must have a zone or an offset."), place)
        if not self.earliest <= new.occurred_at <= self.latest:
            raise NotAnEvent(self._refusal(new.occurred_at), place)

    def _refusal(self, at: datetime.datetime) -> str:
        when = {"when": date_format(at, "DATETIME_FORMAT")}
        if at > self.latest:
            return _("%(when)s is in the future. A clock may be ahead by a day at most.") % when
        if at < EARLIEST:
            return _("%(when)s is before the year 2000. Is the clock set?") % when
        return _("%(when)s is longer ago than events are kept.") % when


class _Lines:
    """Lines as the file that COPY reads. They are made while the database works on those before."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._rest = b""

    def read(self, size: int) -> bytes:
        parts, length = [self._rest], len(self._rest)
        while length < size:
            some = "".join(islice(self._lines, 200)).encode()
            if not some:
                break
            parts.append(some)
            length += len(some)
        text = b"".join(parts)
        self._rest = text[size:]
        return text[:size]


def _line(new: NewEvent) -> str:
    """COPY's text format; no value but the JSON holds what it would read otherwise."""
    message = r"\N" if new.message_id is None else new.message_id
    at = new.occurred_at.isoformat()
    kind = f"{new.channel:d}\t{new.origin:d}\t{new.status:d}"
    return f"{new.contact_id}\t{at}\t{message}\t{kind}\t{_json(new.data)}\n"


def _json(data: Mapping[str, Any]) -> str:
    if not data:
        return "{}"
    text = _encode(data)
    if "\\u0000" in text or not text.isprintable():
        text = _encode(_clean(data))
    return text.replace("\\", "\\\\")


def _clean(value: Any) -> Any:
    """Without what PostgreSQL cannot keep: null characters, and halves of surrogate pairs in providers' words."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list | tuple) else value
