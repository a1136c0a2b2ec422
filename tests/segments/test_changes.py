"""Whatever the door, who changes is looked at: triggers see to it. And a worker may be killed anywhere."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activity.audit import Actor
from activity.catalogue import Channel, Origin
from activity.models import Event
from contacts.erasure.erase import erase
from contacts.models import Contact, VariableDefinition
from segments.changes import look_at
from segments.evaluation import alone, today
from segments.models import Change, Membership, Segment
from subscriptions import blacklists
from subscriptions.consent import subscribe, unsubscribe
from subscriptions.facts import Blacklist, Door, Reason
from subscriptions.models import BlacklistEntry, OptOut
from tests.factories import ContactFactory, ContactListFactory
from tests.segments.making import members, segment, settle


def changed() -> set[int]:
    found = set(Change.objects.values_list("contact_id", flat=True))
    Change.objects.all().delete()
    return found


@pytest.mark.django_db
def test_every_change_of_a_contact_and_its_permissions_is_noted() -> None:
    olga, ivan = ContactFactory.create(email="olga@example.com"), ContactFactory.create(phone="+380671234567")
    assert changed() == {olga.pk, ivan.pk}
    Contact.objects.filter(pk=olga.pk).update(score=3)
    assert changed() == {olga.pk}
    subscribe(contact=ivan, channel=Channel.SMS, actor=Actor(), door=Door.API, reason="")
    assert changed() == {ivan.pk}
    for kind, address, contact in (
        (Blacklist.EMAIL, "olga@example.com", olga),
        (Blacklist.PHONE, "+380671234567", ivan),
    ):
        listing = {"kind": kind, "address": address, "reason": Reason.MANUAL}
        blacklists.add(**listing, actor=Actor(), door=Door.PAGE)  # type: ignore[arg-type]
        assert changed() == {contact.pk}
        entry = BlacklistEntry.objects.of(kind, address).get()
        blacklists.remove(entry=entry, actor=Actor(), door=Door.PAGE)
        assert changed() == {contact.pk}


@pytest.mark.django_db
def test_opt_outs_are_of_addresses_whoever_has_them() -> None:
    """Somebody of another list unsubscribes, and is erased with another address than then."""
    olga = ContactFactory.create(email="olga@example.com")
    other = ContactFactory.create(email="olga@example.com", contact_list=ContactListFactory.create())
    made = segment({"field": "receives:email", "op": "yes"})
    for each in (olga, other):
        subscribe(contact=each, channel=Channel.EMAIL, actor=Actor(), door=Door.API, reason="")
    settle()
    assert members(made) == {olga.pk}
    changed()

    unsubscribe(contact=other, channel=Channel.EMAIL, actor=Actor(), door=Door.API, reason="")
    settle()
    assert members(made) == set()

    OptOut.objects.all().delete()
    changed()
    unsubscribe(contact=other, channel=Channel.EMAIL, actor=Actor(), door=Door.API, reason="")
    assert olga.pk in changed()
    OptOut.objects.all().delete()
    erase([other.pk], actor=Actor())
    assert olga.pk in changed()


@pytest.mark.django_db
def test_an_address_that_is_no_longer_kept_may_be_anybodys() -> None:
    made = segment({"field": "receives:email", "op": "yes"})
    outer = segment({"field": "segment", "op": "member", "value": str(made.pk)}, name="Outer")
    settle()
    listing = {"kind": Blacklist.EMAIL, "address": "gone@example.com", "reason": Reason.MANUAL}
    blacklists.add(**listing, actor=Actor(), door=Door.PAGE)  # type: ignore[arg-type]
    BlacklistEntry.objects.update(address=None)
    assert not Segment.objects.due(timezone.now()).exists()

    BlacklistEntry.objects.all().delete()

    assert list(Segment.objects.due(timezone.now())) == [made, outer]


@pytest.mark.django_db
def test_contacts_are_held_before_segments_as_erasures_hold_them() -> None:
    """Also where a definition cannot be read any more, which has the segment evaluated."""
    VariableDefinition.objects.create(name="city", type="string")
    made = [segment({"field": "variable:city", "op": "set"}), segment({"field": "active", "op": "yes"}, name="Active")]
    settle()
    olga = ContactFactory.create()
    VariableDefinition.objects.all().delete()

    with alone(wait=True), CaptureQueriesContext(connection) as done:
        assert look_at([olga.pk], today()) == (1, 0)

    sent = [query["sql"] for query in done]
    moved = next(place for place, sql in enumerate(sent) if "EXECUTE" in sql)
    assert [place > moved for place, sql in enumerate(sent) if _takes_segments(sql)] == [True]
    assert list(Segment.objects.due(timezone.now())) == made[:1]


def _takes_segments(sql: str) -> bool:
    return sql.startswith("SELECT") and sql.endswith("FOR NO KEY UPDATE")


_WORKER = """
import django, sys; django.setup()
from django.db import connection
from segments.keeping import keep_up
connection.settings_dict["NAME"] = sys.argv[1]
print("ready", flush=True)
while True: keep_up()
"""


@pytest.mark.django_db(transaction=True)
def test_killed_workers_leave_members_and_events_in_agreement() -> None:
    contacts = [ContactFactory.create(first_name="A", added_via="import") for _ in range(20)]
    made = [segment({"field": "firstName", "op": "is", "value": name}, name=name) for name in "AB"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    for number in range(int(os.environ.get("SEGMENT_KILLS", "2"))):
        worker = subprocess.Popen(
            [sys.executable, "-c", _WORKER, connection.settings_dict["NAME"]],
            env=environment,
            stdout=subprocess.PIPE,
        )
        assert worker.stdout
        try:
            worker.stdout.readline()
            for turn in range(6):
                with transaction.atomic():
                    Contact.objects.all().update(first_name="AB"[(number + turn) % 2])
                time.sleep(0.011 * (number % 7))
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            worker.stdout.close()
    settle()

    wanted = Contact.objects.values_list("first_name", flat=True)[0]
    assert {each.name: len(members(each)) for each in made} == {name: 20 * (name == wanted) for name in "AB"}
    assert dict(Segment.objects.values_list("name", "size")) == {name: 20 * (name == wanted) for name in "AB"}
    for contact in contacts:
        for name in "AB":
            rows = Event.objects.filter(contact=contact, channel=Channel.CONTACT, data__segment=name).order_by("id")
            origins = list(rows.values_list("origin", flat=True))
            ins_and_outs = [Origin.ADDED_TO_SEGMENT, Origin.DROPPED_FROM_SEGMENT] * len(origins)
            assert origins == ins_and_outs[: len(origins)]
            assert len(origins) % 2 == Membership.objects.filter(contact=contact, segment__name=name).count()
