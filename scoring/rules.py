"""The rules in force, read again, and what scores are computed by."""

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from activity import months
from contacts.models import ContactList
from scoring.models import Rule, Scoring
from segments.compiler import TooMuch
from segments.conditions import Condition, Group, Wrong, parse
from segments.definitions import Definitions, asked_in, conditions_in
from segments.evaluation import today
from segments.expressions import day_start
from segments.models import Segment

SCORE = "contactScore"


@dataclass(frozen=True)
class ReadRule:
    """A rule with its definition read."""

    rule: Rule
    group: Group

    @property
    def asked(self) -> Condition:
        """Of one that counts each time: what it counts."""
        return next(self.group.conditions())


def read(rule: Rule, definitions: Definitions) -> ReadRule:
    """Raises `conditions.Wrong` and `compiler.TooMuch` where what it asks for has gone or grown."""
    group = parse(rule.definition, definitions.fields, is_kept=True)
    definitions.compiled(group)
    return ReadRule(rule, group)


def in_force(definitions: Definitions) -> list[ReadRule]:
    """Those that give points; one that cannot be read gives none."""
    found = []
    for rule in Rule.objects.filter(archived_at=None).order_by("pk"):
        with suppress(Wrong, TooMuch):
            found.append(read(rule, definitions))
    return found


def key(scoring: Scoring, day: datetime.date) -> str:
    """Stands for all that scores are computed by beside the contacts; another one means to compute all scores anew.

    The day is of it only where it matters, so that scores are computed anew once a day at most, and else never.
    """
    rules = list(Rule.objects.filter(archived_at=None).order_by("pk"))
    asked = segments_asked_by(rule.definition for rule in rules)
    segments = list(Segment.objects.current().filter(pk__in=asked).order_by("pk")) if asked else []
    is_relative = any(rule.is_relative for rule in rules) or any(segment.is_relative for segment in segments)
    # Not by their versions, which count new names too.
    given = [(rule.pk, rule.definition, rule.each_time, rule.points, rule.most) for rule in rules]
    members = [(segment.pk, segment.digest) for segment in segments]
    parts = (
        given, members, scoring.lowest, scoring.highest, ContactList.default().pk, months.oldest_kept(day_start(day)),
        day if is_relative else None,
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def is_behind(scoring: Scoring) -> bool:
    """Whether not everybody's score has been computed yet by what scores are to be computed by now."""
    return scoring.after is not None or scoring.key != key(scoring, today())


def kept_definitions() -> dict[int, Any]:
    """Of all segments, by their ids."""
    return dict(Segment.objects.values_list("pk", "definition"))


def segments_asked_by(trees: Iterable[object], kept: Mapping[int, Any] | None = None) -> set[int]:
    """The ids of segments that definitions ask for, and those that these ask for. `kept`: the definitions of all
    segments, where they are known."""
    found: set[int] = set()
    rest = set().union(*map(asked_in, trees))
    if kept is None:
        kept = kept_definitions() if rest else {}
    while rest:
        found |= rest
        rest = set().union(*(asked_in(kept[pk]) for pk in rest if pk in kept)) - found
    return found


def score_in(tree: object) -> str:
    """Why a definition cannot be that of a rule: it asks for the score itself, in words; "" where it does not."""
    if _asks_score(tree):
        return _("A score rule cannot ask for the score: it would change by itself.")
    pks = segments_asked_by([tree])
    names = [f"“{each}”" for each in Segment.objects.filter(pk__in=pks) if _asks_score(each.definition)] if pks else []
    if not names:
        return ""
    words = _("These segments ask for the score: %(names)s. A score rule cannot: it would change by itself.")
    return words % {"names": ", ".join(names)}


def _asks_score(tree: object) -> bool:
    return any(each["field"] == SCORE for each in conditions_in(tree))
