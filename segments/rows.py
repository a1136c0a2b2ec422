"""Segments as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segments.conditions import Wrong, parse
from segments.definitions import Definitions, why_wrong
from segments.models import Segment
from segments.trends import Trend
from segments.wording import sentence


@dataclass(frozen=True)
class Row:
    segment: Segment
    words: str
    trend: Trend | None


def rows_of(segments: Sequence[Segment], definitions: Definitions, trends: Mapping[int, Trend]) -> list[Row]:
    return [Row(each, words_of(each, definitions), trends.get(each.pk)) for each in segments]


def words_of(segment: Segment, definitions: Definitions) -> str:
    """What it asks for; what is wrong with that, where it cannot be asked for any more."""
    try:
        return sentence(parse(segment.definition, definitions.fields, is_kept=True))
    except Wrong as wrong:
        return why_wrong(wrong)
