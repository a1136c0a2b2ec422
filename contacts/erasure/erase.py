"""Erasing contacts (F34): in one transaction from every table, then from files (`contacts.erasure.aftermath`)."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from celery import current_app
from django.apps import apps
from django.db import connection, transaction
from django.utils.text import capfirst
from psycopg2.sql import SQL, Identifier

from activity.audit import Actor, record
from activity.erasure import erasing
from contacts.digests import digest
from contacts.erasure import personal_data
from contacts.models import Contact, Erasure

ERASED = "contact.erase"
# Of one transaction, so that the locks of many contacts are held for seconds at most.
_SLICE = 500
_IDENTIFIERS = ("user_id", "email", "phone")


def erase(contact_ids: Collection[int], *, actor: Actor) -> Erasure | None:
    """Erases contacts with all that is known of them; there is no way back. Returns the receipt, None where nobody of
    them is there any more.

    Their files follow by a durable job. Opt-outs and blacklistings of their addresses stay, as digests.
    """
    with erasing():
        contacts = list(Contact.objects.filter(pk__in=contact_ids).order_by("pk").select_for_update())
        if not contacts:
            return None
        ids = [contact.pk for contact in contacts]
        personal_data.prepare(ids)
        legacies = personal_data.legacies_of(ids)
        rows = {table.label: _delete(table, ids) for table in personal_data.erased()}
        sought = {name: sorted({getattr(each, name) for each in contacts} - {None}) for name in _IDENTIFIERS}
        erasure = Erasure.objects.create(
            by=actor.name,
            contacts=[[contact.pk, contact.added_at.isoformat()] for contact in contacts],
            digests=[digest(text) for texts in sought.values() for text in texts],
            legacies=legacies,
            rows={label: count for label, count in rows.items() if count},
            sought=sought | {"ids": ids},
        )
        record(actor=actor, verb=ERASED, of=erasure, contacts=len(ids), rows=erasure.rows)
        transaction.on_commit(_wake, robust=True)
    return erasure


def erase_many(contact_ids: Collection[int], *, actor: Actor) -> Iterator[Erasure]:
    """The same for however many, in slices of a transaction each."""
    ids = iter(contact_ids)
    while part := list(islice(ids, _SLICE)):
        if erasure := erase(part, actor=actor):
            yield erasure


class About(NamedTuple):
    """Rows that would go with a contact."""

    what: str
    rows: int


def about(contact: Contact) -> list[About]:
    """What an erasure would take, by kind, but for the contact itself."""
    others = [table for table in personal_data.erased() if apps.get_model(table.label) is not Contact]
    found = []
    for table in others:
        model = apps.get_model(table.label)
        count = model._default_manager.filter(**{table.contact: contact.pk}).count()
        found.append(About(capfirst(str(model._meta.verbose_name_plural)), count))
    return [each for each in found if each.rows]


def _delete(table: personal_data.Table, ids: list[int]) -> int:
    name = Identifier(apps.get_model(table.label)._meta.db_table)
    statement = SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(name, Identifier(table.contact))
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids])
        return int(cursor.rowcount)


def _wake() -> None:
    current_app.send_task("contacts.tasks.finish_erasures", expires=30)
