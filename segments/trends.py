"""The sizes of segments over 30 days, as lines for an SVG in units of its viewBox."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from segments.models import Segment, Size

DAYS = 30
WIDTH, HEIGHT = 116, 28
_MARGIN = 2


@dataclass(frozen=True)
class Trend:
    """`points` are those of a polyline; `first` and `last` how many members there were then and are now."""

    points: str
    first: int
    last: int
    most: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def change(self) -> int:
        return self.last - self.first


def trends(segments: Iterable[Segment], today: datetime.date) -> dict[int, Trend]:
    """Of segments that have been counted, by id; one statement."""
    start = today - datetime.timedelta(days=DAYS)
    by_segment: dict[int, dict[datetime.date, int]] = {each.pk: {} for each in segments}
    rows = Size.objects.filter(segment__in=by_segment, day__gte=start - datetime.timedelta(days=60)).order_by("day")
    for pk, day, size in rows.values_list("segment", "day", "size"):
        by_segment[pk][day] = size
    found = ((pk, _trend(sizes, start)) for pk, sizes in by_segment.items())
    return {pk: trend for pk, trend in found if trend}


def _trend(sizes: Mapping[datetime.date, int], start: datetime.date) -> Trend | None:
    """A day without a number is like the one before it; days before the first one have none."""
    days, known = [start + datetime.timedelta(days=number) for number in range(DAYS + 1)], None
    for day, size in sizes.items():
        if day < start:
            known = size
    line: list[tuple[int, int]] = []
    for number, day in enumerate(days):
        known = sizes.get(day, known)
        if known is not None:
            line.append((number, known))
    if not line:
        return None
    most = max(size for _number, size in line)
    return Trend(_points(line, most), line[0][1], line[-1][1], most)


def _points(line: Sequence[tuple[int, int]], most: int) -> str:
    """From left to right; a single day is a line to be seen all the same."""
    if len(line) == 1:
        line = [(line[0][0] - 1, line[0][1]), *line]
    reach = HEIGHT - 2 * _MARGIN
    places = (
        (_MARGIN + (WIDTH - 2 * _MARGIN) * number / DAYS, HEIGHT - _MARGIN - reach * size / max(most, 1))
        for number, size in line
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
