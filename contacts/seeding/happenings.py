"""Gives contacts a made-up history."""

import datetime
import io
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from activity import months
from activity.catalogue import Channel
from contacts import identity
from contacts.models import Contact, ContactList
from contacts.seeding import demo
from contacts.seeding.histories import COLUMNS, Histories, Person, milliseconds

CHUNK = 50_000
HEAVY = 100_000
# Events of the contacts of a demo account, besides those that `demo.EVENTS` gives.
DEMO_CROWD = 7_000
# Made-up messages are numbered from here on, where no real one comes.
_FIRST_MESSAGE = 10**12

_COPY = f"COPY activity_event ({COLUMNS}) FROM STDIN"
_ANYWHERE = frozenset({Channel.TELEGRAM, Channel.DESKTOP_WEBPUSH, Channel.MOBILE_WEBPUSH})
_BY_EMAIL, _BY_PHONE = frozenset({Channel.EMAIL}), frozenset({Channel.SMS, Channel.VIBER})


class TooMany(ValueError):
    """The contacts there are cannot have such a history; the text says why."""


def add_events(
    *,
    count: int,
    seed: int,
    now: datetime.datetime,
    report: Callable[[int], None],
    heavy: int = 0,
) -> None:
    """Adds `count` events up to `now` (aware) to the contacts of the default list: all of them or none.

    `HEAVY` each of these are those of the `heavy` contacts that were added first. `report` is told how many there are
    so far. Raises `TooMany`.
    """
    everyone = _people(now)
    if not everyone or (heavy >= len(everyone) and count > heavy * HEAVY):
        raise TooMany("There are too few contacts. Make some first, for example with --contacts 10000.")
    if heavy > len(everyone) or count < heavy * HEAVY:
        raise TooMany(
            f"{heavy} contacts with {HEAVY:,} events each are more than {count:,} events of {len(everyone):,}."
        )
    start = datetime.datetime.fromtimestamp(everyone[0].added / 1000, datetime.UTC)
    write(
        everyone, count=count, seed=seed, start=start, now=now, report=report, single=dict.fromkeys(range(heavy), HEAVY)
    )


def add_demo_events(*, now: datetime.datetime, seed: int) -> None:
    """Gives the people of a demo account the history that ends `now` (aware)."""
    everyone = _people(now)
    known = {name: row[0] for row in Contact.objects.values_list("id", "user_id", "phone") for name in row[1:] if name}
    numbers = {known[name]: number for name, number in demo.EVENTS.items() if name in known}
    single = {place: numbers[person.pk] for place, person in enumerate(everyone) if person.pk in numbers}
    count = DEMO_CROWD + sum(single.values())
    write(everyone, count=count, seed=seed, start=now - demo.SPAN, now=now, single=single)


def write(
    everyone: list[Person],
    *,
    count: int,
    seed: int,
    start: datetime.datetime,
    now: datetime.datetime,
    single: Mapping[int, int],
    report: Callable[[int], None] = lambda _added: None,
) -> None:
    """Adds events between `start` and `now`; `single` are the numbers of those of some people, by their place."""
    with transaction.atomic():
        # By itself: until it is committed nobody can write contacts.
        months.ensure(_months(start, now))
    histories = Histories(everyone, start=start, now=now, seed=seed, message=_FIRST_MESSAGE + _last_id())
    with transaction.atomic(), connection.cursor() as cursor, ThreadPoolExecutor(1) as beside:
        added, adding = 0, None
        for lines in _chunks(histories.days(count, heavy=single)):
            text = io.BytesIO("".join(lines).encode())
            if adding is not None:
                adding.result()
                report(added)
            adding = beside.submit(cursor.copy_expert, _COPY, text, CHUNK)
            added += len(lines)
        if adding is not None:
            adding.result()
        report(added)
        cursor.execute("ANALYZE activity_event")


def _chunks(days: Iterator[list[str]]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for lines in days:
        chunk += lines
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _people(now: datetime.datetime) -> list[Person]:
    """The contacts of the default list, in the order of their adding."""
    contacts = Contact.objects.of_list(ContactList.default()).filter(added_at__lte=now).order_by("added_at", "id")
    rows = contacts.values_list("id", "added_at", "timezone", "email", "phone").iterator(20_000)
    ahead: dict[str, int] = {"": 0}
    channels = {
        (mail, phone): _ANYWHERE | (_BY_EMAIL if mail else frozenset()) | (_BY_PHONE if phone else frozenset())
        for mail in (False, True)
        for phone in (False, True)
    }
    people = []
    for pk, added, zone, email, phone in rows:
        if zone not in ahead:
            ahead[zone] = _ahead(zone, now)
        people.append(Person(pk, milliseconds(added), ahead[zone], channels[email is not None, phone is not None]))
    return people


def _ahead(zone: str, now: datetime.datetime) -> int:
    """How far a zone is ahead of UTC at present, in milliseconds; the rest of the year is near enough."""
    offset = identity.local_time(zone, now).utcoffset()
    return int(offset.total_seconds() * 1000) if offset else 0


def _months(start: datetime.datetime, now: datetime.datetime) -> Iterator[datetime.date]:
    month = months.month_of(start)
    while month <= months.month_of(now):
        yield month
        month = months.later(month, 1)


def _last_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM activity_event_id_seq")
        return int(cursor.fetchone()[0])
