"""Whatever is done in whatever order: the policy says what a small model of consent says, and no opt-out is loosened.

PERMISSION_EXAMPLES says how many sequences are tried (`make permission` tries 5,000), a few hundred at a time.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from activity import months
from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel
from activity.erasure import erasing
from contacts.imports.consents import COLUMNS
from contacts.models import Contact, ContactList, Via
from subscriptions import blacklists, consent, links
from subscriptions.activation import activate, deactivate
from subscriptions.blacklists import Listing
from subscriptions.erasure import keep_refusals
from subscriptions.facts import Blacklist, Door, Reason
from subscriptions.links import Link
from subscriptions.models import BlacklistEntry, ConsentRecord, OptOut
from subscriptions.policy import can_receive, verdicts
from subscriptions.records import Evidence, Refused
from tests.subscriptions.consent import EVIDENCE
from tests.subscriptions.test_importing import STATEMENT, load

EXAMPLES = int(os.environ.get("PERMISSION_EXAMPLES", "10"))
AT_A_TIME = 250
EMAILS = ["a@example.com", "b@example.com"]
PHONES = ["+380671234567", "+380671234568"]
SYSTEM = Actor()

# The model repeats the specification in its own words, and shares no table with what it is compared with.
ADDRESSED = {Channel.EMAIL: "email", Channel.SMS: "phone", Channel.VIBER: "phone"}
STOPPING = {Channel.EMAIL: Blacklist.EMAIL, Channel.SMS: Blacklist.PHONE, Channel.VIBER: Blacklist.VIBER}
HAND = {Door.PAGE, Door.ADMIN}
FREELY = {Channel.EMAIL, Channel.SMS}

channels = st.sampled_from(MESSAGE_CHANNELS)
doors = st.sampled_from(list(Door))
people = st.sampled_from([0, 0, 0, 1])
evidences = st.sampled_from([None, EVIDENCE, Evidence("", EVIDENCE.at, "Yes")])
reasons = st.sampled_from(["", " ", "They asked"])


@cache
def gates() -> list[tuple[str, tuple[Any, ...]]]:
    """SQL for who can receive each channel; put together once: that takes longer than asking."""
    found = (can_receive(Contact.objects.all(), channel).values("pk").query for channel in MESSAGE_CHANNELS)
    return [query.sql_with_params() for query in found]


def reached(ids: list[int]) -> set[tuple[int, int]]:
    """Channel and contact, for all who can receive it among these."""
    parts = (
        f"SELECT {channel.value}, pk FROM ({sql}) AS open WHERE pk = ANY(%s)"
        for channel, (sql, _params) in zip(MESSAGE_CHANNELS, gates(), strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [value for _sql, params in gates() for value in (*params, ids)])
        return set(cursor.fetchall())


@dataclass
class Person:
    """What the model knows of a contact."""

    email: str
    phone: str
    active: bool = True
    states: dict[Channel, str] = field(default_factory=dict)
    begun: set[Channel] = field(default_factory=set)
    chats: set[Channel] = field(default_factory=set)

    def address(self, channel: Channel) -> str:
        return str(getattr(self, ADDRESSED[channel])) if channel in ADDRESSED else ""


class Consent(RuleBasedStateMachine):
    """Two contacts, of two lists, who may share addresses; everything that can be done to them."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.people = [Person(EMAILS[0], PHONES[0]), Person(EMAILS[0], PHONES[1])]
        self.listed: set[tuple[Blacklist, str]] = set()
        self.opted_out: set[tuple[Channel, str]] = set()
        other, _new = ContactList.objects.get_or_create(name="Another list")
        self.lists = [ContactList.default(), other]
        self.contacts = [self._added(who) for who in (0, 1)]

    @initialize(channel=channels)
    def choose(self, channel: Channel) -> None:
        """A sequence is about one channel, or few would come upon anything; all channels are looked at."""
        self.channel = channel

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def _added(self, who: int) -> Contact:
        person = self.people[who]
        return Contact.objects.create(
            contact_list=self.lists[who], email=person.email, phone=person.phone, added_via=Via.HAND
        )

    def _stopped(self, person: Person, channel: Channel) -> bool:
        return person.states.get(channel) == "out" or (channel, person.address(channel)) in self.opted_out

    @rule(who=people, door=doors, reason=reasons, evidence=evidences)
    def subscribe(self, who: int, door: Door, reason: str, evidence: Evidence | None) -> None:
        person, channel = self.people[who], self.channel
        proven = evidence is EVIDENCE
        stopped = self._stopped(person, channel)
        already = person.states.get(channel) == "in" and not stopped
        first = channel not in FREELY and channel not in person.begun
        refused = not already and (
            (stopped and not (proven and reason.strip())) or (first and (door in HAND or not proven))
        )
        done = _attempt(
            lambda: consent.subscribe(
                contact=self.contacts[who], channel=channel, actor=SYSTEM, door=door, reason=reason, evidence=evidence
            )
        )
        assert done == (None if refused else not already)
        if done:
            self._in(person, channel)

    def _in(self, person: Person, channel: Channel) -> None:
        person.states[channel] = "in"
        person.begun.add(channel)
        self.opted_out.discard((channel, person.address(channel)))

    @rule(who=people, address=st.sampled_from(["", "chat"]))
    def opt_in(self, who: int, address: str) -> None:
        channel = self.channel
        consent.opt_in(
            contact=self.contacts[who], channel=channel, actor=SYSTEM, wording="Yes, please", address=address
        )
        self._in(self.people[who], channel)
        if address:
            self.people[who].chats.add(channel)

    @rule(who=people, door=doors)
    def unsubscribe(self, who: int, door: Door) -> None:
        person, channel = self.people[who], self.channel
        done = consent.unsubscribe(contact=self.contacts[who], channel=channel, actor=SYSTEM, door=door)
        assert done == (person.states.get(channel) != "out")
        self._out(person, channel)

    @rule(who=people, all_of_them=st.booleans())
    def leave_by_link(self, who: int, all_of_them: bool) -> None:
        left = MESSAGE_CHANNELS if all_of_them else (self.channel,)
        links.leave(self.contacts[who], left, ip=None)
        for channel in left:
            self._out(self.people[who], channel)

    @rule(who=people)
    def leave_by_one_click(self, who: int) -> None:
        links.one_click(self.contacts[who], self.channel, ip=None)
        self._out(self.people[who], self.channel)
        if self.channel is Channel.EMAIL:
            self.listed.add((Blacklist.EMAIL, self.people[who].email))

    @rule(who=people, wish=st.sampled_from(["back", "look", "List-Unsubscribe"]))
    def visit_link(self, who: int, wish: str) -> None:
        person, channel = self.people[who], self.channel
        where = Link(self.contacts[who].pk, channel).url.removeprefix(django_settings.SITE_URL)
        assert Client().post(where, {"wish": wish}).status_code == 302
        is_in = person.states.get(channel) == "in" and not self._stopped(person, channel)
        listed = (STOPPING.get(channel), person.address(channel)) in self.listed
        if wish == "back" and channel in person.begun and not is_in and not listed:
            self._in(person, channel)

    def _out(self, person: Person, channel: Channel) -> None:
        person.states[channel] = "out"
        if person.address(channel):
            self.opted_out.add((channel, person.address(channel)))

    @rule(wanted=st.sampled_from(["", "0", "1"]), active=st.sampled_from(["", "0", "1"]), stated=st.booleans())
    def import_again(self, wanted: str, active: str, stated: bool) -> None:
        person, channel = self.people[0], self.channel
        key = COLUMNS[channel]
        load([(person.email, wanted, active)], targets=("email", key, "active"), consent=STATEMENT if stated else None)
        if wanted == "0":
            self._out(person, channel)
        elif wanted == "1" and stated and channel not in person.states and not self._stopped(person, channel):
            self._in(person, channel)
        person.active = person.active and active != "0"

    @rule(who=people, active=st.booleans())
    def switch(self, who: int, active: bool) -> None:
        verb = activate if active else deactivate
        assert verb(contact=self.contacts[who], actor=SYSTEM, door=Door.PAGE) == (self.people[who].active != active)
        self.people[who].active = active

    @rule(kind=st.sampled_from(list(Blacklist)), email=st.sampled_from(EMAILS), phone=st.sampled_from(PHONES))
    def blacklist(self, kind: Blacklist, email: str, phone: str) -> None:
        address = email if kind is Blacklist.EMAIL else phone
        added = blacklists.add(kind=kind, address=address, reason=Reason.MANUAL, actor=SYSTEM, door=Door.ADMIN)
        assert added == ((kind, address) not in self.listed)
        self.listed.add((kind, address))

    @rule(kind=st.sampled_from(list(Blacklist)))
    def blacklist_all(self, kind: Blacklist) -> None:
        addresses = EMAILS if kind is Blacklist.EMAIL else PHONES
        listings = [Listing(address, Reason.MANUAL) for address in [*addresses, addresses[0]]]
        added = blacklists.add_many(kind=kind, listings=listings, actor=SYSTEM, door=Door.ADMIN)
        wanted = {(kind, address) for address in addresses}
        assert added == len(wanted - self.listed)
        self.listed |= wanted

    @precondition(lambda self: bool(self.listed))
    @rule(data=st.data())
    def unlist(self, data: st.DataObject) -> None:
        kind, address = data.draw(st.sampled_from(sorted(self.listed)))
        entry = BlacklistEntry.objects.of(kind, address).get()
        assert blacklists.remove(entry=entry, actor=SYSTEM, door=Door.ADMIN)
        self.listed.discard((kind, address))

    @rule(who=people, email=st.sampled_from(EMAILS), phone=st.sampled_from(PHONES))
    def move(self, who: int, email: str, phone: str) -> None:
        person = self.people[who]
        person.email, person.phone = email, phone
        Contact.objects.filter(pk=self.contacts[who].pk).update(email=email, phone=phone)

    @rule(who=people)
    def erase_and_import_again(self, who: int) -> None:
        person = self.people[who]
        with erasing():
            keep_refusals([self.contacts[who].pk])
            self.contacts[who].delete()
        self.opted_out |= {
            (c, person.address(c)) for c, state in person.states.items() if state == "out" and c in ADDRESSED
        }
        self.people[who] = Person(person.email, person.phone)
        self.contacts[who] = self._added(who)

    @invariant()
    def agrees(self) -> None:
        verdicts_ = [verdicts(contact.pk) for contact in self.contacts]
        there = reached([contact.pk for contact in self.contacts])
        for channel in MESSAGE_CHANNELS:
            for contact, person, found in zip(self.contacts, self.people, verdicts_, strict=True):
                expected = self._reached(person, channel)
                assert ((channel, contact.pk) in there) == expected, (channel, person)
                assert found[channel].is_open == expected, (channel, person)

    def _reached(self, person: Person, channel: Channel) -> bool:
        return (
            person.active
            and person.states.get(channel) == "in"
            and not self._stopped(person, channel)
            and (channel in ADDRESSED or channel in person.chats)
            and (STOPPING.get(channel), person.address(channel)) not in self.listed
        )

    @invariant()
    def is_loosened_by_evidence_alone(self) -> None:
        loosened = ConsentRecord.objects.filter(before="unsubscribed", after="subscribed")
        assert not loosened.filter(evidence={}).exists()
        assert OptOut.objects.count() == len(self.opted_out)


def _attempt(verb: Callable[[], bool]) -> bool | None:
    """What the verb returned; None where it was refused."""
    try:
        return verb()
    except Refused:
        return None


@pytest.mark.django_db
@pytest.mark.parametrize("begun", range(0, EXAMPLES, AT_A_TIME))
def test_no_sequence_disagrees_with_the_model(begun: int) -> None:
    months.ensure_present()
    run_state_machine_as_test(
        Consent,
        settings=settings(
            max_examples=min(AT_A_TIME, EXAMPLES - begun),
            stateful_step_count=20,
            suppress_health_check=list(HealthCheck),
        ),
    )
