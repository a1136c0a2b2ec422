"""Score rules for tests, the tidy way to bring scores up to date, and what they have to be, in plain Python."""

import datetime
from typing import Any

from activity.audit import Actor
from contacts.models import Contact
from scoring.keeping import look_at_pending, walk
from scoring.models import Rule, Scoring
from scoring.writing import create
from segments.conditions import MOST_TIMES, Group, parse
from segments.evaluation import today
from segments.fields import fields
from segments.models import Segment
from tests.segments import making
from tests.segments.reference import Person

OPENED = {"field": "did:email:open", "op": "at_least", "value": 1}


def each(deed: dict[str, Any], *, points: int = 1, most: int = MOST_TIMES, name: str = "R") -> Rule:
    return create(name=name, definition={"all": [deed]}, each_time=True, points=points, most=most, actor=Actor())


def once(*asked: dict[str, Any], points: int = 1, name: str = "R") -> Rule:
    definition = {"all": list(asked)}
    return create(name=name, definition=definition, each_time=False, points=points, most=MOST_TIMES, actor=Actor())


def settle(*, as_of: datetime.date | None = None) -> None:
    """All that workers do until nothing is left to be done."""
    for _ in range(2):
        making.settle()
        look_at_pending(as_of=as_of)
        while walk(as_of=as_of, batch=7):
            pass


def score_of(contact: Contact) -> int:
    contact.refresh_from_db()
    return contact.score


class Expected:
    """What scores have to be by the rules as they are now, as of a day."""

    def __init__(self, day: datetime.date | None = None) -> None:
        known = fields()
        self.day, self.bounds = day or today(), Scoring.present()
        self.segments: dict[int, Group] = {
            each.pk: parse(each.definition, known, is_kept=True) for each in Segment.objects.current()
        }
        rules = Rule.objects.filter(archived_at=None)
        self.rules = [(rule, parse(rule.definition, known, is_kept=True)) for rule in rules]

    def of(self, contact: Contact) -> tuple[int, dict[str, int]]:
        """The score of a contact and how often each rule counts, from its rows and all its events one by one."""
        person = Person(contact, self.day, self.segments)
        counts, total = {}, contact.score_base
        for rule, group in self.rules:
            if rule.each_time:
                counts[rule.name] = min(person.times(next(group.conditions())), rule.most)
            else:
                counts[rule.name] = int(person.holds(group))
            total += counts[rule.name] * rule.points
        if self.bounds.lowest is not None:
            total = max(total, self.bounds.lowest)
        if self.bounds.highest is not None:
            total = min(total, self.bounds.highest)
        return total, counts
