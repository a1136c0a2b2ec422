"""What is done to segments, in the words of the Activity Log."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from activity.deeds import Deed, Entries, Subject, fields_of
from segments.models import Segment

DEEDS = {
    "segment.add": Deed(_("Made a segment")),
    "segment.change": Deed(_("Changed a segment"), fields_of),
    "segment.archive": Deed(_("Archived a segment")),
    "segment.restore": Deed(_("Restored a segment")),
}


def segment_subjects(entries: Entries, viewer: AbstractUser) -> dict[int, Subject]:
    ids = [entry.object_id for entry in entries if viewer.has_perm("segments.view_segment")]
    there = Segment.objects.in_bulk([pk for pk in ids if pk])
    found = {}
    for entry in entries:
        segment = there.get(entry.object_id or 0)
        name = str(segment or entry.details.get("name", ""))
        found[entry.pk] = Subject(name, segment.get_absolute_url() if segment else "")
    return found
