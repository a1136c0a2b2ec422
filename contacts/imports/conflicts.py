"""Rows whose identifiers do not go together, and how they are told."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

# Ids of contacts that a rehearsal has made begin here.
REHEARSED = 10**15

TWO_CONTACTS, OTHER_USER_ID, OTHER_EMAIL = 1, 2, 3


def told(kind: int, owners: Sequence[int | None], contact_id: int) -> tuple[str, str]:
    """Code and reason of a row whose identifiers do not go together. `owners` have userId, email and phone number."""
    if kind == OTHER_USER_ID:
        return "other_user_id", _("%(contact)s has this email or phone number, but another ID") % {
            "contact": _called(contact_id)
        }
    if kind == OTHER_EMAIL:
        return "other_email", _("%(contact)s has this phone number, but another email") % {
            "contact": _called(contact_id)
        }
    names = (_("the ID"), _("the email"), _("the phone number"))
    parts = [f"{name} – {_called(owner)}" for name, owner in zip(names, owners, strict=True) if owner]
    return "two_contacts", _("The identifiers belong to different contacts: %(parts)s") % {"parts": ", ".join(parts)}


def _called(contact_id: int) -> str:
    if contact_id >= REHEARSED:
        return _("A contact of an earlier row")
    return _("Contact %(id)s") % {"id": contact_id}
