"""Which segments a contact would enter and leave by a change: it is made, looked at, and taken back."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from contacts.models import Contact
from segments.changes import look_at
from segments.evaluation import alone, today
from segments.followers import follow
from segments.models import Membership, Segment


def moves(contact: Contact, write: Callable[[], object]) -> list[str]:
    """In sentences; within a transaction that is rolled back (`contacts.foresights`)."""
    with alone() as is_alone:
        if not is_alone:
            return [_("The segments are being counted just now. Ask again in a moment.")]
        # First, as an erasure takes it: looking at it holds segments.
        Contact.objects.select_for_update(no_key=True).filter(pk=contact.pk).first()
        # What has changed already and waits to be looked at is not of this change.
        before = _looked_at(contact)
        write()
        after = _looked_at(contact)
    told = [
        (_("Would enter: %(names)s."), sorted(after - before)),
        (_("Would leave: %(names)s."), sorted(before - after)),
        (_("Not looked at, as they are being counted or cannot be: %(names)s."), _not_looked_at()),
    ]
    found = [words % {"names": ", ".join(f"“{name}”" for name in names)} for words, names in told if names]
    return found or [_("Stays in the same segments.")]


def _looked_at(contact: Contact) -> set[str]:
    """The names of its segments once all that follows from its change has followed."""
    follow([contact.pk], today())
    look_at([contact.pk], today())
    return _names(contact)


def _not_looked_at() -> list[str]:
    others = Segment.objects.current().exclude(pk__in=Segment.objects.kept_up())
    return list(others.values_list("name", flat=True))


def _names(contact: Contact) -> set[str]:
    return set(Membership.objects.filter(contact=contact).values_list("segment__name", flat=True))
