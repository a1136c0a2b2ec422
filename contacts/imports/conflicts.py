"""Rows whose identifiers do not go together, and how they are told."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

# Ids of contacts that a rehearsal has made begin here.
REHEARSED = 10**15

TWO_CONTACTS, OTHER_USER_ID, OTHER_EMAIL = 1, 2, 3


def other_turns(rows: Iterable[tuple[int, bool, bool, list[int | None], list[str | None]]]) -> list[int]:
    """The numbers of the rows that are not ready and could be, or are and may not be.

    Of each row, in order: its number, whether it is ready, whether it is refused, the contacts that it touches, and its
    identifiers. It has to wait for every earlier row that shares one with it, for that row may make its conflict, or
    end it; but not for one that is refused now, which changes nothing. So a thousand people who share a switchboard's
    number are refused at once.
    """
    changed = []
    ahead: set[int | str | None] = set()
    for number, ready, refused, contacts, identifiers in rows:
        keys = {*contacts, *identifiers} - {None}
        free = keys.isdisjoint(ahead)
        if not (free and refused):
            ahead |= keys
        if free != ready:
            changed.append(number)
    return changed


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
