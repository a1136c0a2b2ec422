"""A text in which one remembers where values were put: with gaps in their places it is the same for many people."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from messaging.content.limits import Budget, LimitedText

# Each gap is one sign of a private area (plane 15), which no message has reason to hold.
_FIRST, MOST = 0xF0000, 500
TITLE = "\U000ffffd"
GAP = re.compile("([\U000f0000-\U000f01f3])")
_PRIVATE = re.compile("[\U000f0000-\U000fffff]")
# Nothing that HTML writes in another way, or that a blank may be taken for.
_SIGN = (
    r'[^\0-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff<>&"\ud800-\udfff\U000f0000-\U000fffff]'
)
_HARMLESS = re.compile(f"{_SIGN}+(?: {_SIGN}+)*")
_LONGEST = 1_000


class Gapped(NamedTuple):
    """`text` as it is; `outline` has gaps instead of `values`, by gap. No outline: "" where there can be none."""

    text: str
    outline: str = ""
    values: Mapping[str, str] = {}


class GappedText(LimitedText):
    """Where the output of a template goes."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self._places: list[tuple[int, int, str]] = []

    def write_value(self, value: str, text: str) -> int:
        """A value, and how it is written here."""
        if len(value) < _LONGEST and len(self._places) < MOST and _HARMLESS.fullmatch(value):
            self._places.append((self.size, len(text), value))
        return self.write(text)

    def gapped(self) -> Gapped:
        text, end = self.getvalue(), 0
        if _PRIVATE.search(text):
            return Gapped(text)
        parts: list[str] = []
        for number, (start, length, _value) in enumerate(self._places):
            parts += [text[end:start], chr(_FIRST + number)]
            end = start + length
        values = {chr(_FIRST + number): value for number, (_start, _length, value) in enumerate(self._places)}
        return Gapped(text, "".join([*parts, text[end:]]), values)
