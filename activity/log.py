"""Reading the audit log: who did what, by days, people and actions, a page at a time."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet

from activity import deeds, keyset
from activity.deeds import Subject
from activity.feed import Period
from activity.keyset import Slice
from activity.models import AuditEntry

SIZE = 50
# Who is no member of the staff: the system itself.
NOBODY = "system"
PERIODS = (Period.WEEK, Period.FORTNIGHT, Period.MONTH)
_ORDER = ("at", "id")


@dataclass(frozen=True)
class LogFilters:
    """What of the log is shown. `person`: a user's number, `NOBODY`, or "" for everybody; `verb`: "" for all."""

    period: Period = Period.WEEK
    person: str = ""
    verb: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """From an address. What makes no sense in it means all."""
        person, verb = query.get("person", ""), query.get("action", "")
        if not (person == NOBODY or (person.isascii() and person.isdecimal() and len(person) < 19)):
            person = ""
        days = next((each for each in PERIODS if each.value == query.get("period")), Period.WEEK)
        return cls(days, person, verb if verb in dict(deeds.known()) else "")

    def query(self) -> dict[str, str]:
        """What an address must say for `read` to give the same."""
        words = {"person": self.person, "action": self.verb}
        if self.period is not Period.WEEK:
            words["period"] = self.period.value
        return {name: word for name, word in words.items() if word}


@dataclass(frozen=True)
class Row:
    """An entry as the page shows it."""

    entry: AuditEntry
    words: str
    detail: str
    subject: Subject | None


def visible_to(viewer: AbstractUser) -> "QuerySet[AuditEntry]":
    """What the viewer did; for those who may see the audit log, what everybody did."""
    entries = AuditEntry.objects.all()
    return entries if viewer.has_perm("activity.view_auditentry") else entries.filter(actor_id=viewer.pk)


def page(
    viewer: AbstractUser, filters: LogFilters, *, now: datetime.datetime, after: int | None = None
) -> Slice[AuditEntry]:
    """The entries behind one of them, the last first; without it the first page."""
    entries = visible_to(viewer).select_related("actor").filter(at__gte=filters.period.start(now))
    if filters.person:
        entries = entries.filter(actor_id=None if filters.person == NOBODY else int(filters.person))
    if filters.verb:
        entries = entries.filter(verb=filters.verb)
    at = AuditEntry.objects.filter(pk=after).first() if after is not None else None
    return keyset.take(entries, order=_ORDER, size=SIZE, descending=True, at=at)


def rows_of(entries: list[AuditEntry], viewer: AbstractUser) -> list[Row]:
    subjects = deeds.subjects_of(entries, viewer)
    return [Row(entry, *deeds.words_of(entry), subjects.get(entry.pk)) for entry in entries]
