"""The pages that people wait for, asked for by a signed-in marketer, beside the barest SELECT of their rows."""

import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from activity.models import Event
from bench import listing, searching
from bench.probe import Page, Request, measure, spread
from config.embedded.static import collect_static
from config.roles import MARKETER
from contacts.models import Contact, VariableDefinition
from contacts.variable_types import Type

_MOST_NAMES = 20
_MANY_VARIABLES = 300


def pages(size: int, samples: int) -> dict[str, Any]:
    """Measures all pages among `size` contacts, those of one contact for `samples` of them.

    Returns `contacts` (how many), `seeded` (seconds that making them took, 0 where they were there), `bare` (times of a
    SELECT of one contact, and of a page of them) and `groups` (title and measures, as `bench.probe.measure` has them).
    """
    seeded = _seed(size)
    collect_static(Path(settings.VAR) / "run" / "static.stamp")
    chosen = _some(samples)
    client = _marketer()
    times = -(-samples // 5)
    groups = {
        "Profile": [*_profile(chosen)],
        "Search": [*searching.exact(chosen)],
        "Near matches": [*searching.near(chosen, names=_common_names(min(samples, _MOST_NAMES)))],
        "Contact list": [*listing.whole(times)],
        "Contact list, filtered": [*listing.filtered(-(-times // 5))],
    }
    newest = "WHERE contact_list_id = %s ORDER BY added_at DESC, id DESC LIMIT 51"
    bare = [
        _bare("WHERE id = %s", [(contact.pk,) for contact in chosen]),
        _bare(newest, [(chosen[0].contact_list_id,)] * times),
    ]
    measured = [(title, measure(client, group)) for title, group in groups.items()]
    measured.append((f"{_MANY_VARIABLES} contact variables", _with_many_variables(client, chosen)))
    return {"contacts": size, "seeded": seeded, "bare": bare, "groups": measured}


def of_the_heaviest(times: int) -> list[dict[str, Any]]:
    """Whole pages of the contact with the most events, as `bench.probe.measure` has them."""
    counts = Event.objects.values_list("contact_id").annotate(count=Count("id")).order_by("-count", "contact_id")
    pk, count = counts.first() or (0, 0)
    page = reverse("contacts:profile", args=[pk])
    queries = {
        "": "7 days",
        "?period=all": "all time",
        "?channel=email&status=open&period=all&order=oldest": "filtered",
    }
    pages = [
        Page(f"Profile with {count:,} events, {label}", [Request(page + query)] * times)
        for query, label in queries.items()
    ]
    return measure(_marketer(), pages)


def _seed(size: int) -> float:
    seconds = 0.0
    if Contact.objects.count() != size:
        started = time.perf_counter()
        call_command("seed", contacts=size, verbosity=0)
        seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return seconds


def _some(count: int) -> list[Contact]:
    everyone = list(Contact.objects.order_by("pk").values_list("pk", flat=True))
    chosen = Random(1).sample(everyone, min(count, len(everyone)))
    return list(Contact.objects.filter(pk__in=chosen))


def _marketer() -> Client:
    user, _made = get_user_model().objects.get_or_create(username="marketer")
    user.groups.add(Group.objects.get(name=MARKETER))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def _profile(chosen: Sequence[Contact]) -> list[Page]:
    return [
        Page(label, [Request(reverse(name, args=[contact.pk])) for contact in chosen])
        for label, name in (("Profile", "contacts:profile"), ("Variables tab", "contacts:variables"))
    ]


def _with_many_variables(client: Client, chosen: Sequence[Contact]) -> list[dict[str, Any]]:
    """Times of pages that show variables, where the account has many and the contacts have a value of each."""
    with transaction.atomic():
        names = [f"bench{number}" for number in range(_MANY_VARIABLES - VariableDefinition.objects.count())]
        VariableDefinition.objects.bulk_create(
            VariableDefinition(name=name, label=f"Variable {name}", type=Type.STRING) for name in names
        )
        for contact in chosen:
            contact.variables |= {name: f"Value of {name}" for name in names}
        Contact.objects.bulk_update(chosen, ["variables"], batch_size=100)
        try:
            return measure(client, [Page(f"Variables tab, {_MANY_VARIABLES} variables", _profile(chosen)[1].requests)])
        finally:
            transaction.set_rollback(True)


def _common_names(count: int) -> list[str]:
    names = Contact.objects.exclude(first_name="").values("first_name").annotate(count=Count("id"))
    return [each["first_name"] for each in names.order_by("-count", "first_name")[:count]]


def _bare(condition: str, parameters: Sequence[tuple[int, ...]]) -> tuple[float, float]:
    """p50 and p95 of a SELECT by the driver alone, in seconds."""
    taken = []
    with connection.cursor() as wrapped:
        cursor = wrapped.cursor
        for values in parameters:
            started = time.perf_counter()
            cursor.execute(f"SELECT * FROM contacts_contact {condition}", values)
            cursor.fetchall()
            taken.append(time.perf_counter() - started)
    return spread(taken)
