"""Erasures: of one contact with a long history, and of many contacts."""

import datetime
import time

from django.utils import timezone

from activity.audit import Actor
from activity.catalogue import KINDS
from activity.events import NewEvent, record_many
from contacts.erasure.erase import erase, erase_many
from contacts.models import Contact, Via
from contacts.models import ContactList as List


def erasing(events: int, contacts: int) -> tuple[float, float, int]:
    """Seconds for a contact with so many events and for so many others with theirs; how many events those had."""
    heavy = Contact.objects.create(contact_list=List.default(), user_id="erasing", added_via=Via.HAND)
    now = timezone.now()
    record_many(
        NewEvent(heavy.pk, now - datetime.timedelta(minutes=10 * n), *KINDS[n % len(KINDS)]) for n in range(events)
    )
    others = list(Contact.objects.order_by("-pk").exclude(pk=heavy.pk).values_list("pk", flat=True)[:contacts])
    started = time.perf_counter()
    erase([heavy.pk], actor=Actor())
    one = time.perf_counter() - started
    started = time.perf_counter()
    receipts = list(erase_many(others, actor=Actor()))
    return one, time.perf_counter() - started, sum(each.rows.get("activity.Event", 0) for each in receipts)
