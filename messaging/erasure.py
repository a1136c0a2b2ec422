"""What of messages goes before the contacts whom they were for."""

from collections.abc import Collection

from django.db import connection

from contacts.models import Contact
from messaging.models import Receipt

# Nobody adds a message to a content that is held; who was quicker is seen by the second statement.
_HOLD = """
    SELECT id FROM messaging_writtencontent
    WHERE id IN (SELECT written_id FROM messaging_message WHERE contact_id = ANY(%(erased)s)) ORDER BY id FOR UPDATE
"""
_FORGET = """
    DELETE FROM messaging_writtencontent content WHERE id = ANY(%(held)s) AND NOT EXISTS (
        SELECT FROM messaging_message WHERE written_id = content.id AND contact_id <> ALL(%(erased)s)
    )
"""


def forget_contents(contact_ids: Collection[int]) -> None:
    """What was written only to them goes, and what providers told that no message was found for."""
    with connection.cursor() as cursor:
        erased = list(contact_ids)
        cursor.execute(_HOLD, {"erased": erased})
        cursor.execute(_FORGET, {"held": [pk for (pk,) in cursor.fetchall()], "erased": erased})
    _forget_unclaimed(contact_ids)


def _forget_unclaimed(contact_ids: Collection[int]) -> None:
    addresses = Contact.objects.filter(pk__in=contact_ids).values_list("email", "phone")
    for address in {each for pair in addresses for each in pair if each}:
        Receipt.objects.filter(contact=None, raw__icontains=address).delete()
