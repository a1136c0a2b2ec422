"""Score rules as their page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from scoring.models import Rule
from scoring.rules import read
from scoring.wording import rule_sentence, signed
from segments.compiler import TooMuch
from segments.conditions import Wrong
from segments.definitions import Definitions, why_wrong


@dataclass(frozen=True)
class Row:
    """`problem`: why the rule gives nobody points, though it is not paused; "" else."""

    rule: Rule
    points: str
    words: str
    problem: str = ""


def rows_of(rules: Iterable[Rule], definitions: Definitions) -> list[Row]:
    return [_row(rule, definitions) for rule in rules]


def _row(rule: Rule, definitions: Definitions) -> Row:
    try:
        group = read(rule, definitions).group
    except (Wrong, TooMuch) as error:
        return Row(rule, signed(rule.points), "", why_wrong(error) if isinstance(error, Wrong) else str(error))
    words = rule_sentence(group=group, each_time=rule.each_time, points=rule.points, most=rule.most)
    return Row(rule, signed(rule.points), words)
