"""Bars as geometry for an SVG, in units of its viewBox."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from activity.markup import joined
from activity.summaries import Bar

HEIGHT = 36
STEP = 12
_GAP = 3

_RECT = '<rect x="{}" y="{}" width="{}" height="{}" rx="2"><title>{}</title></rect>'


class Rect(NamedTuple):
    """A bar from the ground up; `words` say what it stands for."""

    x: int
    y: float
    width: int
    height: float
    words: str


@dataclass(frozen=True)
class Chart:
    """All bars side by side; `most` is the number that the highest stands for."""

    width: int
    rects: Sequence[Rect]
    most: int
    height: int = HEIGHT

    @classmethod
    def of(cls, bars: Sequence[Bar], *, monthly: bool) -> "Chart":
        most = max((bar.count for bar in bars), default=0)
        rects = [_rect(number, bar, most, monthly) for number, bar in enumerate(bars)]
        return cls(STEP * len(bars) - _GAP, rects, most)

    @property
    def drawn(self) -> SafeString:
        """The bars as SVG."""
        return joined("", _RECT, self.rects)


def _rect(number: int, bar: Bar, most: int, monthly: bool) -> Rect:
    # A day with anything at all can be seen, one with nothing is a line on the ground.
    height = max(3.0, round(HEIGHT * bar.count / most, 1)) if bar.count else 1.0
    when = date_format(bar.start, "YEAR_MONTH_FORMAT" if monthly else "DATE_FORMAT")
    words = ngettext("%(when)s: %(count)d event", "%(when)s: %(count)d events", bar.count)
    return Rect(STEP * number, HEIGHT - height, STEP - _GAP, height, words % {"when": when, "count": bar.count})
