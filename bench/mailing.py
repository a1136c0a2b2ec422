"""What the measurement of delivery does within a database: contacts who may be written to, messages, workers."""

import hashlib
import json
import time

from django.db import connection
from django.urls import reverse

from activity.catalogue import Channel
from contacts.models import ContactList
from messaging.delivery import work
from messaging.delivery.claim import claim
from messaging.models import Message
from messaging.providers.registry import provider_of
from messaging.states import State

SUBJECT = "{{ firstName | default: 'Hello' }}, autumn is here"
BODY = (
    "<h1>Dear {{ firstName | default: 'friend' }}</h1><style>p { color: #333 } .b { padding: 8px }</style>"
    + "<p>Boots, coats and everything against the rain. <a class='b' href='https://shop.example.com/autumn'>Look</a></p>"
    * 8
    + "<p>{{ companyName }} · <a href='{{ unSubscribeUrl }}'>Unsubscribe</a></p>"
)
_PEOPLE = """
    INSERT INTO contacts_contact (contact_list_id, email, first_name, last_name, gender, language, timezone, avatar_url,
        score, is_active, variables, added_at, added_via, updated_via, modified_at)
    SELECT %s, 'p' || n || '@example.com', 'Name' || n, '', 0, '', '', '', 0, true, '{}', now(), 'demo', '', now()
    FROM generate_series(1, %s) AS n
"""
_SUBSCRIBE = """
    INSERT INTO subscriptions_subscription (contact_id, channel, state, since, by, door, begun, address)
    SELECT id, 1, 1, now(), 'bench', 'demo', true, '' FROM contacts_contact
"""
_QUEUE = """
    INSERT INTO messaging_message (contact_id, channel, origin, launch, written_id, "values", state, words, lane, key,
        by, next_attempt_at, fence, attempts_made, provider, provider_id, address, created_at)
    SELECT (SELECT min(id) FROM contacts_contact) + n %% %s, 1, 2, '{"campaign": "Autumn"}', %s, '{}', 'queued', '', 1,
        '', 'bench', now(), 0, 0, '', '', '', now() FROM generate_series(0, %s - 1) AS n
"""
_VACUUM = "VACUUM ANALYZE {}"


def furnish(people: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [ContactList.default().pk, people])
        cursor.execute(_SUBSCRIBE)
        for table in ("contacts_contact", "subscriptions_subscription"):
            cursor.execute(_VACUUM.format(table))


def queue(people: int, messages: int) -> None:
    """Messages of one campaign to so many people, in turn."""
    body = {"channel": "email", "format": "html", "subject": SUBJECT, "body": BODY}
    digest = hashlib.sha256(json.dumps(body).encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_writtencontent (digest, body) VALUES (%s, %s)"
            " ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest RETURNING id",
            [digest, json.dumps(body)],
        )
        cursor.execute(_QUEUE, [people, cursor.fetchone()[0], messages])
        cursor.execute(_VACUUM.format("messaging_message"))


def send_for(seconds: float) -> tuple[int, float]:
    """One worker's messages and seconds, until nothing is due or the time is over."""
    reverse("opened", args=["x"])  # the first one loads all addresses
    started, done = time.perf_counter(), 0
    while (left := seconds - (time.perf_counter() - started)) > 0:
        taken = work.deliver(Channel.EMAIL, stretch=left)
        done += taken
        if not taken:
            break
    return done, time.perf_counter() - started


def claim_all(most: int) -> float:
    """Claims a second, of one worker."""
    provider, channel = provider_of(Channel.EMAIL), Channel.EMAIL
    started, done = time.perf_counter(), 0
    while done < most and (claimed := claim(channel, provider, most=50)):
        done += len(claimed)
    rate = done / (time.perf_counter() - started)
    Message.objects.filter(state=State.SENDING).update(state=State.QUEUED, lease_until=None)
    return rate


def states() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM messaging_message GROUP BY 1")
        return dict(cursor.fetchall())
