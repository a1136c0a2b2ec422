"""What the measurement of delivery does within a database: contacts who may be written to, messages, workers."""

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse

from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel
from bench.ended import Ended
from contacts.models import Contact, ContactList
from messaging import templating
from messaging.delivery import work
from messaging.delivery.claim import claim
from messaging.models import Attempt, Message, Outcome, Template
from messaging.providers.registry import provider_of
from messaging.providers.webpush.encoding import decode
from messaging.providers.webpush.vapid import new_keys
from messaging.states import State
from subscriptions import consent
from subscriptions.facts import Door

SUBJECT = "{{ firstName | default: 'Hello' }}, autumn is here"
BODY = (
    "<h1>Dear {{ firstName | default: 'friend' }}</h1><style>p { color: #333 } .b { padding: 8px }</style>"
    + "<p>Boots, coats and everything against the rain. <a class='b' href='https://shop.example.com/autumn'>Look</a></p>"
    * 8
    + "<p>{{ companyName }} · <a href='{{ unSubscribeUrl }}'>Unsubscribe</a></p>"
)
_PEOPLE = """
    INSERT INTO contacts_contact (contact_list_id, email, phone, first_name, last_name, gender, language, timezone,
        avatar_url, score, is_active, variables, added_at, added_via, updated_via, modified_at)
    SELECT %s, 'p' || n || '@example.com', '+38067' || lpad(n::text, 7, '0'), 'Name' || n, '', 0, '', '',
        '', 0, true, '{}', now(), 'demo', '', now()
    FROM generate_series(1, %s) AS n
"""
_SUBSCRIBE = """
    INSERT INTO subscriptions_subscription (contact_id, channel, state, since, by, door, begun, address)
    SELECT id, channel, 1, now(), 'bench', 'demo', true, CASE WHEN channel = ANY(%s) THEN id::text ELSE '' END
    FROM contacts_contact, unnest(%s) AS channel
"""
_BROWSERS = """
    INSERT INTO messaging_pushsubscription (contact_id, channel, endpoint, p256dh, auth, agent, since, expired_because)
    SELECT id, 4, %s || '/' || id, %s, %s, 'Chrome on Windows', now(), '' FROM contacts_contact
"""
_JOIN = """
    INSERT INTO subscriptions_subscription (contact_id, channel, state, since, by, door, begun, address)
    SELECT id, 4, 1, now(), 'bench', 'demo', true, 'Chrome on Windows' FROM contacts_contact
"""
_QUEUE = """
    INSERT INTO messaging_message (contact_id, channel, origin, launch, written_id, "values", state, words, lane, key,
        by, next_attempt_at, fence, attempts_made, provider, provider_id, address, created_at, segment_ids)
    SELECT (SELECT min(id) FROM contacts_contact) + n %% %s, %s, 2, '{"campaign": "Autumn"}', %s, '{}', 'queued', '', 1,
        '', 'bench', now(), 0, 0, '', '', '', now(), '{}' FROM generate_series(0, %s - 1) AS n
"""
# There people are known by an id that the channel gives: here, by the number of the contact.
_BY_CHAT = (Channel.TELEGRAM.value, Channel.VIBER.value)
_VACUUM = "VACUUM ANALYZE {}"


def furnish(people: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [ContactList.default().pk, people])
        cursor.execute(_SUBSCRIBE, [list(_BY_CHAT), [Channel.EMAIL.value, Channel.SMS.value, *_BY_CHAT]])
        for table in ("contacts_contact", "subscriptions_subscription"):
            cursor.execute(_VACUUM.format(table))


def furnish_browsers(service: str) -> None:
    """One a contact, all with the same keys."""
    with connection.cursor() as cursor:
        cursor.execute(_BROWSERS, [service, decode(new_keys()[1]), bytes(16)])
        cursor.execute(_JOIN)


def queue(people: int, messages: int, channel: str = "email") -> None:
    """Messages of one campaign to so many people, in turn."""
    body: dict[str, Any] = {"channel": "email", "format": "html", "subject": SUBJECT, "body": BODY}
    if channel != "email":
        body = {"channel": channel, "format": "text", "body": SUBJECT}
    if channel == "viber":
        body |= {"template": _approved()}
    if channel == "desktop-webpush":
        body |= {"subject": SUBJECT}
    digest = hashlib.sha256(json.dumps(body).encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_writtencontent (digest, body) VALUES (%s, %s)"
            " ON CONFLICT (digest) DO UPDATE SET digest = excluded.digest RETURNING id",
            [digest, json.dumps(body)],
        )
        cursor.execute(_QUEUE, [people, Channel.of_slug(channel), cursor.fetchone()[0], messages])
        cursor.execute(_VACUUM.format("messaging_message"))


def _approved() -> int:
    """A version of a template that Viber may send."""
    template = Template(name="Autumn", channel=Channel.VIBER, format="text", body=SUBJECT)
    templating.save_template(template, actor=Actor(), fields=[])
    version = template.versions.get()
    templating.approve(version, actor=Actor(), reason="As agreed")
    return version.pk


def send_for(seconds: float, threads: int) -> tuple[int, float, float]:
    """One worker's messages, seconds, and seconds of a core, until nothing is due or the time is over."""
    started, used = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(_send, [seconds] * threads))
    return done, time.perf_counter() - started, time.process_time() - used


def _send(seconds: float) -> int:
    reverse("opened", args=["x"])  # the first one loads all addresses
    started, done = time.perf_counter(), 0
    while (left := seconds - (time.perf_counter() - started)) > 0:
        taken = work.deliver(Channel.EMAIL, stretch=left)
        done += taken
        if not taken:
            break
    connection.close()
    return done


def claim_all(most: int) -> tuple[float, float]:
    """Claims a second of one worker, and seconds of a core that it uses for one."""
    provider, channel = provider_of(Channel.EMAIL), Channel.EMAIL
    started, used, done = time.perf_counter(), time.process_time(), 0
    while done < most and (claimed := claim(channel, provider, most=settings.DELIVERY_BATCH).messages):
        done += len(claimed)
    rate, each = done / (time.perf_counter() - started), (time.process_time() - used) / done
    Message.objects.filter(state=State.SENDING).update(state=State.QUEUED, lease_until=None)
    return rate, each


def states() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM messaging_message GROUP BY 1")
        return dict(cursor.fetchall())


def opt_out(count: int, seed: int) -> list[tuple[int, int, float]]:
    """Has people leave channels by which messages wait, one after the other; returns whom, which, and since when.

    The time is that behind the commit.
    """
    random = Random(seed)
    left: list[tuple[int, int, float]] = []
    while len(left) < count:
        waiting = Message.objects.filter(
            state__in=[State.QUEUED, State.SENDING], channel=random.choice(sorted(MESSAGE_CHANNELS))
        )
        found = list(waiting.order_by("next_attempt_at", "pk").values_list("contact_id", "channel")[:40])
        if not found and not Message.objects.filter(state__in=[State.QUEUED, State.SENDING]).exists():
            break
        if found:
            contact_id, channel = random.choice(found)
            contact = Contact.objects.get(pk=contact_id)
            consent.unsubscribe(contact=contact, channel=Channel(channel), actor=Actor(), door=Door.LINK)
            left.append((contact_id, channel, time.time()))
    return left


def endings() -> dict[int, Ended]:
    lost = set(Attempt.objects.filter(outcome=Outcome.LOST).values_list("message_id", flat=True))
    rows = Message.objects.values_list("pk", "state", "channel", "contact_id", "called_at")
    return {
        pk: Ended(state, channel, contact, state == State.UNCERTAIN and pk in lost, at.timestamp() if at else None)
        for pk, state, channel, contact, at in rows
    }
