"""Contacts are held before their messages by everybody, erasures too: of two nobody waits for the other in vain."""

from collections.abc import Collection

from django.db import connection

_HOLD = "SELECT id FROM contacts_contact WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"


def hold(contact_id: int) -> bool:
    """Nobody erases the contact before this transaction ends; whether it is still there."""
    return bool(hold_many([contact_id]))


def hold_many(contact_ids: Collection[int]) -> list[int]:
    """The same for many; those that are still there."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [list(contact_ids)])
        return [pk for (pk,) in cursor.fetchall()]
