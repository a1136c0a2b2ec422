"""Gives made-up people their subscriptions, set by set, with the consent records that tell how they came about."""

import datetime

from django.db import connection
from django.db.models import F, IntegerField, Value

from contacts.digests import Digest
from contacts.models import Contact, ContactList
from subscriptions.facts import ADDRESSES, Fact, State
from subscriptions.models import Subscription

BY = "Rapport"
# Of a hundred people whom a channel can reach: how many are subscribed, and how many have left it.
_SUBSCRIBE = """
    WITH drawn AS (
        SELECT id, channel, subscribed, gone, needs, added_at,
            mod(hashint8extended(id * 8 + channel, 1) & 9223372036854775807, 10000) / 100.0 AS luck,
            mod(hashint8extended(id * 8 + channel, 2) & 9223372036854775807, 1000) / 1000.0 AS moment
        FROM contacts_contact CROSS JOIN (VALUES
            (1, 78, 9, 'email'), (2, 52, 7, 'phone'), (3, 14, 3, ''), (4, 11, 4, ''), (5, 7, 2, ''), (6, 24, 5, 'phone')
        ) AS odds (channel, subscribed, gone, needs)
        WHERE contact_list_id = %(list)s AND id > %(after)s AND id <> %(without)s
            AND CASE needs WHEN 'email' THEN email IS NOT NULL WHEN 'phone' THEN phone IS NOT NULL ELSE true END
    ), chosen AS (
        SELECT *, luck < subscribed AS stays, added_at + (%(now)s - added_at) * moment AS turned
        FROM drawn WHERE luck < subscribed + gone
    ), subscribing AS (
        INSERT INTO subscriptions_subscription (contact_id, channel, state, since, by, door, begun, address)
        SELECT id, channel, CASE WHEN stays THEN 1 ELSE 2 END, CASE WHEN stays THEN added_at ELSE turned END,
            %(by)s, 'demo', true, CASE needs WHEN '' THEN 'demo-' || id ELSE '' END
        FROM chosen ON CONFLICT DO NOTHING RETURNING contact_id, channel
    )
    INSERT INTO subscriptions_consentrecord (contact_id, fact, before, after, by, door, reason, evidence, at)
    SELECT id, chosen.channel, before, after, %(by)s, 'demo', '', '{}', at
    FROM chosen JOIN subscribing ON contact_id = id AND subscribing.channel = chosen.channel
        CROSS JOIN LATERAL (VALUES
            (true, 'never', 'subscribed', added_at), (NOT stays, 'subscribed', 'unsubscribed', turned)
        ) AS changes (happened, before, after, at)
    -- Who left in the very moment in which they came, came first.
    WHERE happened ORDER BY id, at, after
"""
_DEACTIVATED = """
    INSERT INTO subscriptions_consentrecord (contact_id, fact, before, after, by, door, reason, evidence, at)
    SELECT id, %(fact)s, 'active', 'inactive', %(by)s, 'demo', '', '{}', modified_at
    FROM contacts_contact WHERE contact_list_id = %(list)s AND id > %(after)s AND NOT is_active
"""


def add_subscriptions(after: int, now: datetime.datetime, *, without: int = 0) -> None:
    """To the contacts of the default list whose ids are greater than `after`, as they might be by `now` (aware).

    One can be left out, by id.
    """
    given: dict[str, int | str | datetime.datetime] = {
        "list": ContactList.default().pk,
        "after": after,
        "now": now,
        "by": BY,
        "fact": Fact.ACTIVE.value,
        "without": without,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUBSCRIBE, given)
        cursor.execute(_DEACTIVATED, given)
        keep_opt_outs(after)
        cursor.execute("ANALYZE subscriptions_subscription; ANALYZE subscriptions_consentrecord")


def keep_opt_outs(after: int) -> None:
    """Those of contacts whose ids are greater than `after`, at the addresses that they have."""
    gone = Subscription.objects.filter(contact__gt=after, state=State.UNSUBSCRIBED)
    with connection.cursor() as cursor:
        for channel, field in ADDRESSES.items():
            contacts = Contact.objects.filter(pk__in=gone.filter(channel=channel).values("contact"))
            rows = contacts.exclude(**{field: None}).values_list(
                Value(channel.value, IntegerField()), Digest(field), F("modified_at")
            )
            sql, params = rows.query.sql_with_params()
            cursor.execute(
                f"INSERT INTO subscriptions_optout (channel, digest, at) {sql} ON CONFLICT DO NOTHING",
                params,
            )
