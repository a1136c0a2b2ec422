"""Makes up what happens to contacts, day by day. The same arguments make the same histories.

An event takes a few microseconds: all that the events of one message to many have in common is put together once.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple, TypeVar

from activity.catalogue import Channel, Status
from contacts.seeding import journeys
from contacts.seeding.journeys import CHANNELS, LAUNCHES, SEGMENTS, Send

_Option = TypeVar("_Option")
# Draws from [0, 1).
Draw = Callable[[], float]
# When, in milliseconds since 1970, and the line of COPY.
Line = tuple[int, str]

COLUMNS = "contact_id, occurred_at, message_id, channel, origin, status, data"

_HOUR = 3_600_000
_DAY = 24 * _HOUR
# People look at messages between these hours of their day.
_WAKING, _SLEEPING = 7 * _HOUR, 23 * _HOUR
# Of what happens on a day: messages; the arrival of new contacts, at most; what becomes of one message to many.
_MESSAGES, _ARRIVALS, _AUDIENCE = 0.86, 0.5, 0.05
_LARGEST_AUDIENCE = 400

_MIX_OF_CHANNELS = [channel for channel, share in CHANNELS.items() for _ in range(share)]
_MIX_OF_ORIGINS = [origin for origin, (share, _launches) in LAUNCHES.items() for _ in range(share)]
_CLOCK = [f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in range(86_400)]


class Person(NamedTuple):
    """Whom it happens to: since when, and how far ahead of UTC the person's day is (both in milliseconds)."""

    pk: int
    added: int
    ahead: int
    channels: frozenset[Channel]


def milliseconds(at: datetime.datetime) -> int:
    """Since 1970; `at` is aware."""
    return int(at.timestamp() * 1000)


class Histories:
    """What happens to `people`, in the order of their adding, between `start` and `now`."""

    def __init__(
        self, people: Sequence[Person], *, start: datetime.datetime, now: datetime.datetime, seed: int, message: int
    ) -> None:
        self._people = people
        self._start, self._now = milliseconds(start), milliseconds(now)
        self._midnights = range(self._start - self._start % _DAY, self._now + 1, _DAY)
        # How much of each day is between the start and now.
        self._lengths = [min(day + _DAY, self._now) - max(day, self._start) + 1 for day in self._midnights]
        self._draw = Random(f"{seed}/{len(people)}").random  # noqa: S311 - it must be repeatable, and hides nothing
        self._message = message
        self._dates = _Dates()
        self._begun: set[int] = set()
        self._sends: dict[tuple[object, ...], Send] = {}

    def days(self, count: int, *, heavy: Mapping[int, int]) -> Iterator[list[str]]:
        """Lines of COPY, a day at a time, in the order of their times, `count` in all.

        So many of them as `heavy` says are of single people (by their place among all), the others of everyone else.
        """
        crowd = [person for place, person in enumerate(self._people) if place not in heavy]
        present = self._present(crowd)
        weights = [number * length for number, length in zip(present, self._lengths, strict=True)]
        rest = _portions(count - sum(heavy.values()), weights)
        each = {place: _portions(portion, self._weights(place)) for place, portion in heavy.items()}
        for day, start in enumerate(self._midnights):
            lines: list[Line] = []
            if rest[day]:
                newcomers = crowd[present[day - 1] if day else 0 : present[day]]
                self._arrivals(lines, newcomers, int(rest[day] * _ARRIVALS))
                self._crowd(lines, crowd[: present[day]], start, rest[day])
            for place, portions in each.items():
                self._one(lines, self._people[place], start, portions[day])
            lines.sort()
            yield [line for _at, line in lines]

    def _present(self, people: Sequence[Person]) -> list[int]:
        """How many there are at the end of each day."""
        counts, place = [], 0
        for start in self._midnights:
            while place < len(people) and people[place].added < start + _DAY:
                place += 1
            counts.append(place)
        return counts

    def _weights(self, place: int) -> list[int]:
        """How long a person was there on each day."""
        added = self._people[place].added
        days = zip(self._midnights, self._lengths, strict=True)
        return [max(0, min(length, start + _DAY - added)) for start, length in days]

    def _arrivals(self, lines: list[Line], newcomers: Sequence[Person], most: int) -> None:
        for person in newcomers:
            self._arrive(lines, person)
            if len(lines) >= most:
                return

    def _arrive(self, lines: list[Line], person: Person) -> None:
        if self._start <= person.added:
            self._add(lines, person, person.added, journeys.ADDED)
            if Channel.EMAIL in person.channels:
                self._add(lines, person, person.added + 1, journeys.EMAIL_SUBSCRIBED)

    def _crowd(self, lines: list[Line], people: Sequence[Person], start: int, count: int) -> None:
        draw, number = self._draw, len(people)
        messages = len(lines) + (count - len(lines)) * _MESSAGES
        audience = min(_LARGEST_AUDIENCE, 1 + int(count * _AUDIENCE))
        while len(lines) < messages:
            send, at = self._send(), self._hour(start)
            for _ in range(audience):
                # Some have been with the account for long, and get more than others.
                person = people[int(number * draw() ** 2)]
                if send.channel in person.channels:
                    self._deliver(lines, person, send, at)
                if len(lines) >= messages:
                    break
        while len(lines) < count:
            self._happen(lines, people[int(number * draw() ** 2)], start)
        del lines[count:]

    def _one(self, lines: list[Line], person: Person, start: int, count: int) -> None:
        own: list[Line] = []
        if count and person.pk not in self._begun:
            self._begun.add(person.pk)
            self._arrive(own, person)
        while len(own) < count:
            if self._draw() < _MESSAGES:
                send = self._send()
                if send.channel in person.channels:
                    self._deliver(own, person, send, self._hour(start))
            else:
                self._happen(own, person, start)
        lines += own[:count]

    def _hour(self, start: int) -> int:
        """When, by the clock of whoever gets it, a message goes out on a day."""
        return start + (8 + int(12 * self._draw())) * _HOUR

    def _send(self) -> Send:
        draw = self._draw
        channel, origin = _pick(_MIX_OF_CHANNELS, draw()), _pick(_MIX_OF_ORIGINS, draw())
        launches = LAUNCHES[origin][1]
        launch, segment = int(draw() * len(launches)), _pick(SEGMENTS, draw())
        key = (channel, origin, launch, segment)
        if key not in self._sends:
            self._sends[key] = journeys.send(channel, origin, launches[launch], segment)
        return self._sends[key]

    def _deliver(self, lines: list[Line], person: Person, send: Send, hour: int) -> None:
        """All that becomes of one message, as far as it has come by now."""
        pk, added, ahead, _channels = person
        draw, now, text = self._draw, self._now, self._dates.text
        self._message += 1
        at = max(self._after(added), self._by_now(hour - ahead + int(draw() * 2_400_000)))
        journey = _pick(send.journeys, draw())
        for place, status in enumerate(journey):
            if place:
                at = self._later(at, status, ahead)
                if at > now:
                    return
            lines.append((at, f"{pk}\t{text(at)}\t{self._message}{send.lines[status]}"))
        if status == Status.EMAIL_UNSUBSCRIBED:
            self._add(lines, person, at + 1, journeys.EMAIL_UNSUBSCRIBED)

    def _later(self, at: int, status: Status, ahead: int) -> int:
        """When a status follows another: a click soon, an open when the person is awake, a second try by the server."""
        drawn = self._draw()
        if status == Status.CLICK:
            return at + 3_000 + int(drawn * 300_000)
        at += 20_000 + int(drawn**4 * 20 * _HOUR)
        hour = (at + ahead) % _DAY
        if _WAKING <= hour < _SLEEPING:
            return at
        return at + (_WAKING - hour) % _DAY + int(drawn * _HOUR)

    def _happen(self, lines: list[Line], person: Person, start: int) -> None:
        at = self._by_now(start + _WAKING - person.ahead + int(self._draw() * (_SLEEPING - _WAKING)))
        self._add(lines, person, max(self._after(person.added), at), _pick(journeys.HAPPENINGS, self._draw()))

    def _after(self, added: int) -> int:
        """When, at the earliest, something happens to a person who has just been added."""
        return min(added + 1_000, self._now)

    def _by_now(self, at: int) -> int:
        """A time; where it is before the start or still to come, another one within half a day of there."""
        if self._start <= at <= self._now:
            return at
        edge = self._start if at < self._start else max(self._start, self._now - _DAY // 2)
        return edge + int(self._draw() * min(_DAY // 2, self._now - edge))

    def _add(self, lines: list[Line], person: Person, at: int, line: str) -> None:
        if at <= self._now:
            lines.append((at, f"{person.pk}\t{self._dates.text(at)}\t\\N{line}"))


class _Dates:
    """Times as COPY reads them."""

    def __init__(self) -> None:
        self._dates: dict[int, str] = {}

    def text(self, at: int) -> str:
        day, rest = divmod(at, _DAY)
        date = self._dates.get(day)
        if date is None:
            date = self._dates[day] = (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat()
        second, thousandth = divmod(rest, 1000)
        return f"{date} {_CLOCK[second]}.{thousandth:03}+00"


def _portions(count: int, weights: Sequence[int]) -> list[int]:
    """Shares out a number by weights, to the last one."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    reached = [count * part // whole for part in accumulate(weights)]
    return [after - before for before, after in zip([0, *reached], reached, strict=False)]


def _pick(options: Sequence[_Option], drawn: float) -> _Option:
    return options[int(drawn * len(options))]
