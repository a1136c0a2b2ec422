"""The score of a contact and its parts: what each rule counts, what that gives, and when some of it goes again."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from contacts.models import Contact
from scoring.models import Scoring
from scoring.points import days, score, times
from scoring.rules import ReadRule, in_force
from scoring.wording import rule_sentence, signed
from segments.definitions import Definitions, everybody
from segments.evaluation import TookTooLong, limited, today
from segments.preview import MILLISECONDS


@dataclass(frozen=True)
class Part:
    """What one rule gives: `left` of it from the day `until` on, as what was counted will be too long ago then; None
    where that never comes."""

    name: str
    words: str
    times: int
    points: int
    until: datetime.date | None = None
    left: int = 0

    @property
    def signed(self) -> str:
        return signed(self.points)

    @property
    def left_signed(self) -> str:
        return signed(self.left) if self.left else "0"


@dataclass(frozen=True)
class Standing:
    """`total` is what the parts give now, within bounds; `score` is what is kept, which follows in a moment.

    `giving` are the parts that count, those that give or take most first, `silent` the others.
    """

    score: int
    base: int
    total: int
    giving: Sequence[Part]
    silent: Sequence[Part]
    computed_at: datetime.datetime | None

    @property
    def is_behind(self) -> bool:
        return self.score != self.total

    @property
    def sum(self) -> int:
        return self.base + sum(part.points for part in self.giving)


def standing(contact: Contact, *, as_of: datetime.date | None = None) -> Standing | None:
    """By a few statements, whatever the number of rules; None where looking takes too long for a page."""
    definitions, scoring = Definitions(as_of or today()), Scoring.present()
    rules = in_force(definitions)
    try:
        with limited(MILLISECONDS):
            counts, total = _computed(contact, rules, definitions, scoring)
            parts = _parts(contact, rules, counts, definitions)
    except TookTooLong:
        return None
    giving = sorted((part for part in parts if part.times), key=lambda part: -abs(part.points))
    silent = [part for part in parts if not part.times]
    computed = max(filter(None, (contact.scored_at, scoring.finished_at)), default=None)
    return Standing(contact.score, contact.score_base, total, giving, silent, computed)


def _computed(
    contact: Contact, rules: Sequence[ReadRule], definitions: Definitions, scoring: Scoring
) -> tuple[Sequence[int], int]:
    columns = {"counts": times(rules, definitions), "computed": score(rules, definitions, scoring)}
    row = everybody().filter(pk=contact.pk).annotate(**columns).values_list(*columns).first()
    return row or ([0] * len(rules), contact.score)


def _parts(contact: Contact, rules: Sequence[ReadRule], counts: Sequence[int], definitions: Definitions) -> list[Part]:
    found = _days(contact, [each for each, count in zip(rules, counts, strict=True) if count], definitions)
    return [_part(each, count, found.get(each.rule.pk, ())) for each, count in zip(rules, counts, strict=True)]


def _part(each: ReadRule, count: int, known: Sequence[datetime.date]) -> Part:
    """`known`: the days of what is counted, the last one first."""
    rule = each.rule
    words = rule_sentence(group=each.group, each_time=rule.each_time, points=rule.points, most=rule.most)
    part = Part(rule.name, words, count, count * rule.points)
    if not known or each.asked.days is None:
        return part
    # Of those that count the oldest goes first; what is older and could take its place has gone by then.
    oldest = known[min(count, len(known)) - 1]
    left = sum(day > oldest for day in known)
    until = oldest + datetime.timedelta(each.asked.days + 1)
    return Part(rule.name, words, count, part.points, until, left * rule.points)


def _days(contact: Contact, rules: Sequence[ReadRule], definitions: Definitions) -> dict[int, Sequence[datetime.date]]:
    """When that was which rules count that count what was done lately, by the rules' ids."""
    counting = {f"days{each.rule.pk}": each for each in rules if each.rule.each_time and each.asked.days is not None}
    columns = {name: days(each, definitions) for name, each in counting.items()}
    row = everybody().filter(pk=contact.pk).annotate(**columns).values(*columns).first() if columns else None
    return {each.rule.pk: row[name] or () for name, each in counting.items()} if row else {}
