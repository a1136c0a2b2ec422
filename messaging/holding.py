"""Contacts are held before their messages by everybody, erasures too: of two nobody waits for the other in vain."""

from collections.abc import Collection

from django.db import connection

_HOLD = "SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR {}"
_KEPT, _UNCHANGED = "KEY SHARE", "NO KEY UPDATE"


def hold(contact_id: int, *, to_change: bool = False) -> bool:
    """Nobody erases the contact before this transaction ends; whether it is still there.

    `to_change`: its consent may follow, so nobody else changes that meanwhile either.
    """
    return bool(hold_many([contact_id], to_change=to_change))


def hold_many(contact_ids: Collection[int], *, to_change: bool = False) -> list[int]:
    """The same for many; those that are still there."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD.format(_UNCHANGED if to_change else _KEPT), [list(contact_ids)])
        return [pk for (pk,) in cursor.fetchall()]
