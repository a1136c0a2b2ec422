"""Segments in the contact list: their members, and so what is exported and done to many."""

from django.utils.translation import gettext_lazy as _

from contacts.filters import Filter
from contacts.querysets import ContactQuerySet
from segments.models import Membership, Segment


def _narrow(contacts: ContactQuerySet, pk: str) -> ContactQuerySet:
    return contacts.filter(pk__in=Membership.objects.filter(segment=int(pk)).values("contact"))


def _choices() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Segment.objects.current().values_list("pk", "name")]


MEMBERS = Filter("segment", _("Segment"), _choices, _narrow)
