"""How a contact stands to segments: in them since when and why, or why not."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from contacts.models import Contact
from segments.compiler import TooMuch
from segments.conditions import Group, Wrong
from segments.definitions import Definitions
from segments.evaluation import TookTooLong, limited
from segments.models import Membership, Segment
from segments.preview import MILLISECONDS
from segments.reasons import Reason, Reasons


@dataclass(frozen=True)
class Standing:
    """`reason` is None where the definition cannot be read any more, or is too much for a page."""

    segment: Segment
    since: datetime.datetime | None
    reason: Reason | None

    @property
    def is_behind(self) -> bool:
        """Whether the contact has changed just now, and its place has not followed yet."""
        return self.reason is not None and self.reason.holds != (self.since is not None)


def standings_of(contact: Contact, memberships: Sequence[Membership], definitions: Definitions) -> list[Standing]:
    """Of those it is in, by a few statements for all of them."""
    readable = {each.segment_id: _readable(each.segment, definitions) for each in memberships}
    groups = [group for group in readable.values() if group]
    reasons = _reasons(contact, definitions, groups)
    return [
        Standing(
            each.segment, each.since, reasons.of(group) if reasons and (group := readable[each.segment_id]) else None
        )
        for each in memberships
    ]


def standing_in(contact: Contact, segment: Segment, definitions: Definitions) -> Standing:
    group = _readable(segment, definitions)
    reasons = _reasons(contact, definitions, [group]) if group else None
    return Standing(segment, None, reasons.of(group) if reasons and group else None)


def _reasons(contact: Contact, definitions: Definitions, groups: Sequence[Group]) -> Reasons | None:
    try:
        with limited(MILLISECONDS):
            return Reasons(contact, definitions, groups) if groups else None
    except TookTooLong:
        return None


def _readable(segment: Segment, definitions: Definitions) -> Group | None:
    try:
        group = definitions.of(segment.pk)
        if group is not None:
            definitions.compiled(group)
    except (Wrong, TooMuch):
        return None
    return group
