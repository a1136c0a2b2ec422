"""What a rule would give, before it is kept: to whom of some contacts, and how much."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from contacts.models import Contact, ContactList
from scoring.models import Rule
from scoring.points import times
from scoring.rules import ReadRule
from scoring.wording import given, rule_sentence, signed
from segments.conditions import Group
from segments.definitions import Definitions, everybody
from segments.evaluation import TookTooLong, limited, today

MOST_SAMPLED = 1_000
# Neighbours on a page of the table resemble one another: so many times the sample is drawn from pages at random first.
_WIDTH = 10
EXAMPLES = 5
MILLISECONDS = 5_000

_SAMPLE = """
    SELECT id FROM contacts_contact TABLESAMPLE SYSTEM ({percent}) WHERE contact_list_id = %s ORDER BY random() LIMIT %s
"""
_ROWS = "SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'contacts_contact'::regclass"


@dataclass(frozen=True)
class Preview:
    """Of so many contacts `sampled` at random how many would get points, and how many points in words; None where
    looking takes too long. `examples` are some who would, with their points."""

    words: str
    sampled: int | None
    count: int = 0
    given: str = ""
    examples: Sequence[tuple[Contact, str]] = field(default_factory=list)


def preview(group: Group, *, each_time: bool, points: int, most: int, as_of: datetime.date | None = None) -> Preview:
    """Raises as `Definitions.compiled` does."""
    words = rule_sentence(group=group, each_time=each_time, points=points, most=most)
    rule = ReadRule(Rule(each_time=each_time, points=points, most=most), group)
    try:
        with limited(MILLISECONDS):
            sampled, found = _points(rule, Definitions(as_of or today()))
            first = sorted(found.items(), key=lambda pair: -abs(pair[1]))[:EXAMPLES]
            there = Contact.objects.in_bulk([pk for pk, _points in first])
    except TookTooLong:
        return Preview(words, None)
    examples = [(there[pk], signed(size)) for pk, size in first]
    shown = given(sum(found.values()) / len(found), first[0][1]) if found else ""
    return Preview(words, sampled, len(found), shown, examples)


def _points(rule: ReadRule, definitions: Definitions) -> tuple[int, dict[int, int]]:
    """How many contacts were looked at, and what each of those gets that get something."""
    rows = everybody().filter(pk__in=_sample()).annotate(times=times([rule], definitions)).values_list("pk", "times")
    counts = dict(rows)
    return len(counts), {pk: found[0] * rule.rule.points for pk, found in counts.items() if found[0]}


def _sample() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        rows = cursor.fetchone()[0]
        percent = 100 if rows <= _WIDTH * MOST_SAMPLED else 100 * _WIDTH * MOST_SAMPLED / rows
        cursor.execute(_SAMPLE.format(percent=float(percent)), [ContactList.default().pk, MOST_SAMPLED])
        return [pk for (pk,) in cursor.fetchall()]
