"""An export for `make chaos`: a contact with many events, each with a number of its own, and what became of them."""

import csv
import datetime
from typing import Any

from django.utils import timezone

from activity import transfers
from activity.audit import Actor
from activity.catalogue import Channel, Origin, Status
from activity.events import NewEvent, record_many
from activity.exports.feed import start_feed_export
from activity.exports.files import finished
from activity.feed import Filters, Period
from activity.models import Transfer
from contacts.models import Contact, ContactList, Via

_ACTOR = Actor(name="chaos")


def furnish(events: int) -> int:
    """Makes a contact to whom all of it happened, a second apart, with texts to be guarded. Returns its number."""
    contact = Contact.objects.create(contact_list=ContactList.default(), user_id="chaos", added_via=Via.DEMO)
    kind, now = (Channel.EMAIL, Origin.CAMPAIGN, Status.DELIVERED), timezone.now()
    record_many(
        NewEvent(contact.pk, now - datetime.timedelta(seconds=n), *kind, n, {"title": f"=1+{n}", "words": 'a,\n"b"'})
        for n in range(events)
    )
    return contact.pk


def queue_export(contact: int) -> int:
    """Leaves an export of the contact's whole feed to the workers. Returns its number."""
    return start_feed_export(contact, filters=Filters(period=Period.ALL), format_="csv", actor=_ACTOR).pk


def export_alone(contact: int) -> None:
    """Makes the same file in this process."""
    transfers.run(queue_export(contact))


def retry_export(pk: int) -> None:
    """What a person does who finds the export failed."""
    transfers.retry(Transfer.objects.get(pk=pk), actor=_ACTOR)


def outcome(pk: int, events: int) -> list[str]:
    """What is wrong with the file of an export: nothing, where each event is in it once and in its place."""
    transfer: Any = Transfer.objects.get(pk=pk)
    found = []
    if transfer.result.get("rows") != events:
        found.append(f"counted: {transfer.result}, expected {events} rows")
    with finished(transfer).open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        wrong = sum(row["Message ID"] != str(n) or row["Message or event"] != f"'=1+{n}" for n, row in enumerate(rows))
        count = rows.line_num
    if wrong:
        found.append(f"{wrong} rows are not those of their places")
    # A header, and two lines for each event.
    if count != 1 + 2 * events:
        found.append(f"{count} lines, expected {1 + 2 * events}")
    left = sorted(path.name for path in transfer.path.iterdir())
    if left != ["export.csv"]:
        found.append(f"files left: {left}")
    return found
