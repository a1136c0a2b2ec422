"""Adds made-up people to the default list."""

import datetime
from collections.abc import Callable
from itertools import chain, islice

from django.db import transaction
from django.db.models import Max

from contacts.models import Contact, ContactList
from contacts.seeding import additions, demo
from contacts.seeding.account import define_variables, furnish, register_sources
from contacts.seeding.happenings import add_demo_events
from contacts.seeding.people import people
from contacts.seeding.transfers import add_demo_transfers
from contacts.seeding.writer import write

DEMO_SIZE = 500
_DEMO_SEED = 1


@transaction.atomic
def add_people(*, count: int, seed: int, now: datetime.datetime, report: Callable[[int], None]) -> None:
    """Adds `count` people as of `now` (aware): all of them or none. `report` is told how many there are so far.

    Their numbers go on from the greatest id of a contact, which is never less than the greatest number.
    """
    greatest = Contact.objects.aggregate(greatest=Max("id"))["greatest"] or 0
    sources = list(register_sources().values())
    furnish()
    write(
        people(seed=seed, after=greatest, count=count, now=now, sources=sources),
        count=count,
        contact_list=ContactList.default(),
        without=define_variables(),
        report=report,
    )
    additions.add_to_crowd(greatest, now)


@transaction.atomic
def add_demo(*, now: datetime.datetime) -> bool:
    """Fills an account that has no contacts, as of `now` (aware). Returns whether it had none."""
    if Contact.objects.exists():
        return False
    sources = register_sources()
    furnish()
    crowd = DEMO_SIZE - demo.COUNT
    strangers = people(seed=_DEMO_SEED, after=0, count=crowd, now=now - demo.SPAN, sources=list(sources.values()))
    write(
        chain(islice(strangers, crowd), demo.exemplary_people(now, sources)),
        count=DEMO_SIZE,
        contact_list=ContactList.default(),
        without=define_variables(),
        report=lambda _added: None,
    )
    add_demo_events(now=now, seed=_DEMO_SEED)
    additions.add_all(now)
    add_demo_transfers()
    return True
