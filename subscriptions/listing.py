"""Permission to send in the contact list: who can receive what, and who is on a blacklist."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from activity.catalogue import MESSAGE_CHANNELS, Channel
from activity.labels import CHANNELS
from contacts.digests import Digest, digest
from contacts.filters import Filter
from contacts.models import Contact
from contacts.querysets import ContactQuerySet
from subscriptions.facts import LISTED, Blacklist
from subscriptions.models import BlacklistEntry
from subscriptions.policy import can_receive


def _narrow(contacts: ContactQuerySet, slug: str) -> ContactQuerySet:
    return can_receive(contacts, Channel.of_slug(slug))


RECEIVES = Filter(
    "receives", _("Can receive"), [(channel.slug, CHANNELS[channel]) for channel in MESSAGE_CHANNELS], _narrow
)

_ANY, _NONE = "any", "none"


def _narrow_to_listed(contacts: ContactQuerySet, choice: str) -> ContactQuerySet:
    kinds = [kind for kind in LISTED if choice in (kind.name.lower(), _ANY, _NONE)]
    on_any = Q(*(_is_listed(kind) for kind in kinds), _connector=Q.OR)
    return contacts.exclude(on_any) if choice == _NONE else contacts.filter(on_any)


def _is_listed(kind: Blacklist) -> Q:
    """Of the contacts whose address is on a blacklist. Without addresses of the erased on it, no digest is needed."""
    entries = BlacklistEntry.objects.filter(kind=kind)
    if entries.filter(address=None).exists():
        return Q(Exists(entries.filter(digest=Digest(OuterRef(LISTED[kind])))))
    return Q(Exists(entries.filter(address=OuterRef(LISTED[kind]))))


BLACKLISTED = Filter(
    "blacklisted",
    _("Black list"),
    [*((kind.name.lower(), kind.label) for kind in LISTED), (_ANY, _("Any black list")), (_NONE, _("No black list"))],
    _narrow_to_listed,
)


def marks(contacts: Sequence[Contact]) -> Mapping[int, Sequence[StrOrPromise]]:
    """The blacklists that each contact's addresses are on."""
    owners: dict[tuple[int, bytes], list[int]] = {}
    for contact in contacts:
        for kind, field in LISTED.items():
            if address := getattr(contact, field):
                owners.setdefault((kind.value, digest(address)), []).append(contact.pk)
    found: dict[int, list[StrOrPromise]] = {}
    keys = {key for _kind, key in owners}
    entries = BlacklistEntry.objects.filter(kind__in=list(LISTED), digest__in=keys).order_by("kind")
    for kind_code, key in entries.values_list("kind", "digest"):
        for contact_id in owners.get((kind_code, bytes(key)), ()):
            found.setdefault(contact_id, []).append(Blacklist(kind_code).label)
    return found
