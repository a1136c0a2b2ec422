"""The segments that a contact is in."""

from collections.abc import Collection

from django.db.models import OuterRef, QuerySet
from django.db.models.expressions import Combinable

from activity.counting import RowCount
from contacts.models import Contact
from segments.models import Membership, Segment


def memberships_of(contact: Contact) -> "QuerySet[Membership]":
    """The last one it came into first; each with its segment."""
    return Membership.objects.filter(contact=contact).select_related("segment").order_by("-since", "segment__name")


def others_than_of(contact: Contact) -> "QuerySet[Segment]":
    """The current segments that it is not in."""
    return Segment.objects.current().exclude(memberships__contact=contact)


def count_of_each() -> Combinable:
    """How many segments a contact is in, as an expression on contacts."""
    return RowCount(Segment.objects.filter(memberships__contact=OuterRef("pk")))


def segments_of(contact_ids: Collection[int]) -> dict[int, list[int]]:
    """The segments in use that each contact is in at this moment, by id; none for those who are in none."""
    rows = Membership.objects.filter(contact__in=contact_ids, segment__archived_at=None).order_by("segment")
    found: dict[int, list[int]] = {}
    for contact_id, segment_id in rows.values_list("contact", "segment"):
        found.setdefault(contact_id, []).append(segment_id)
    return found
