"""What of messages goes before the contacts whom they were for."""

from collections.abc import Collection

from django.db import connection

from contacts.models import Contact
from subscriptions.models import Subscription

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

# Addresses, and those that channels give, are compared as a whole, with texts or words of them: a part of one is
# somebody else's. Where channels have numbers for people, they call them id.
_FORGET_UNCLAIMED = """
    DELETE FROM messaging_receipt WHERE contact_id IS NULL AND (
        details ->> 'contact' = ANY(%(erased)s)
        OR EXISTS (
            SELECT FROM
                jsonb_path_query(jsonb_build_array(raw, details, words), '$.** ? (@.type() == "string")') said,
                regexp_split_to_table(lower(said #>> '{}'), '[^[:alnum:].+@_-]+') word
            WHERE said #>> '{}' = ANY(%(accounts)s)
                OR lower(said #>> '{}') = ANY(%(addresses)s) OR btrim(word, '.') = ANY(%(addresses)s)
        )
        OR EXISTS (
            SELECT FROM jsonb_path_query(raw, '$.**.id ? (@.type() == "number")') number
            WHERE number #>> '{}' = ANY(%(accounts)s)
        )
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
    pairs = Contact.objects.filter(pk__in=contact_ids).values_list("email", "phone")
    addresses = {each.lower() for pair in pairs for each in pair if each}
    accounts = (
        Subscription.objects.filter(contact__in=contact_ids).exclude(address="").values_list("address", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _FORGET_UNCLAIMED,
            {
                "erased": [str(pk) for pk in contact_ids],
                # Some providers have numbers without the plus.
                "addresses": sorted(addresses | {each.removeprefix("+") for each in addresses}),
                "accounts": list(accounts),
            },
        )
