"""What goes with a contact, and what is of the account."""

from collections.abc import Collection

from django.db import connection

from contacts.erasure import personal_data
from segments.evaluation import today

# Segments in the order in which everybody takes several of them (`querysets.SegmentQuerySet.locked`).
_COUNT_DOWN = """
    WITH gone AS MATERIALIZED (
        SELECT segment_id, count(*) AS number FROM segments_membership
        WHERE contact_id = ANY(%(contacts)s) GROUP BY segment_id
    ), locked AS MATERIALIZED (
        SELECT id, number FROM segments_segment AS segment JOIN gone ON segment_id = id
        ORDER BY id FOR NO KEY UPDATE OF segment
    ), counted AS (
        UPDATE segments_segment AS segment SET size = greatest(size - number, 0)
        FROM locked WHERE segment.id = locked.id RETURNING segment.id, size
    )
    INSERT INTO segments_size (segment_id, day, size) SELECT id, %(today)s, size FROM counted
    ON CONFLICT (segment_id, day) DO UPDATE SET size = excluded.size
"""
# An erasure may keep an opt-out of an address that somebody else has too.
_TWINS = """
    SELECT twin.id FROM contacts_contact AS erased
        JOIN contacts_contactlist AS list ON list.is_default AND list.id <> erased.contact_list_id
        JOIN contacts_contact AS twin ON twin.contact_list_id = list.id AND twin.{0} = erased.{0}
    WHERE erased.id = ANY(%(contacts)s)
"""
_NOTE_TWINS = f"INSERT INTO segments_change (contact_id) {_TWINS.format('email')} UNION ALL {_TWINS.format('phone')}"


def register_tables() -> None:
    """Not the queue of changes, whose rows are numbers that are gone within seconds."""
    for label in ("Membership", "Behaviour"):
        personal_data.goes_with_contact(f"segments.{label}")
    personal_data.stays("segments.Segment", because="It is of the account: what staff ask for.")
    personal_data.stays("segments.Position", because="It says how far events have been added up, and in which zone.")
    personal_data.before_erasing(count_down)
    personal_data.before_erasing(note_twins)


def count_down(contact_ids: Collection[int]) -> None:
    """Segments lose these members. Their contacts are held already, so nobody moves them meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_DOWN, {"contacts": list(contact_ids), "today": today()})


def note_twins(contact_ids: Collection[int]) -> None:
    """Who has the address of one of them is looked at: it may be an opt-out from now on."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_TWINS, {"contacts": list(contact_ids)})
