"""A person changes a contact: one value at a time, or all of a new one."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activity import events
from activity.audit import Actor, latest, record
from activity.catalogue import Channel, Origin
from contacts.editables import Editable, standard
from contacts.identity import Invalid
from contacts.identity.text import lines
from contacts.models import Contact, ContactList, VariableDefinition, Via
from contacts.values import IDENTIFIERS, VALUES

EDITED, ADDED = "contact.edit", "contact.add"

T = TypeVar("T")


class Taken(Invalid):
    """Another contact of the list has this identifier: `owner`."""

    def __init__(self, owner: Contact) -> None:
        super().__init__("taken", _("Another contact has it already"))
        self.owner = owner


class ChangedMeanwhile(Exception):
    """Somebody else has changed the value since the form was opened: `text` is what it is now.

    `by` is whoever did, "" where that cannot be said (an import or the API has written to the contact since); `at` is
    when.
    """

    def __init__(self, text: str, by: str, at: datetime | None) -> None:
        super().__init__(by)
        self.text, self.by, self.at = text, by, at


class Mistakes(Exception):
    """What is wrong with the values of a new contact, by name."""

    def __init__(self, found: dict[str, Invalid]) -> None:
        super().__init__(sorted(found))
        self.found = found


def edit(contact: Contact, *, value: Editable, text: str, seen: str | None, actor: Actor) -> bool:
    """Sets one value; returns whether that changed anything. `seen` is the text that the person meant to replace.

    Raises `identity.Invalid` (`Taken`, where it is another contact's identifier), `ChangedMeanwhile`, and
    `Contact.DoesNotExist`.
    """

    def write() -> bool:
        _hold_type(value)  # before the contact, as a change of the type does
        now = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        before = value.text(now)
        if not value.set(now, text):
            return False
        if seen is not None and lines(seen) != before:
            raise _changed_meanwhile(now, value.name, before)
        if value.name in IDENTIFIERS and (mistakes := _mistakes_of(now)):
            raise next(iter(mistakes.values()))
        now.modified_at = timezone.now()
        now.save(update_fields=[value.field, "modified_at"])
        # Of all values only the source is not a personal one.
        details = {"from": before, "to": value.text(now)} if value.name == "source" else {}
        record(actor=actor, verb=EDITED, of=now, field=value.name, **details)
        return True

    return _looking_twice(write)


def add(texts: Mapping[str, str], *, actor: Actor, key: uuid.UUID | None = None) -> Contact:
    """Adds a contact to the default list, from texts by the values' names; blank ones say nothing. Returns it, or the
    one that a form with the same `key` has added already.

    Raises `Mistakes`.
    """
    form = {"form": str(key)} if key else {}

    def write() -> Contact:
        contact = Contact(contact_list=ContactList.default(), added_via=Via.HAND)
        unreadable: dict[str, Invalid] = {}
        for name in VALUES:
            try:
                standard(name).set(contact, texts.get(name, ""))
            except Invalid as error:
                unreadable[name] = error
        mistakes = _mistakes_of(contact) | unreadable
        if unreadable.keys() & set(IDENTIFIERS):  # there would be one
            mistakes = {name: error for name, error in mistakes.items() if error.code != "no_identifier"}
        if form and (sent := _sent_before(mistakes, form)):
            return sent
        if mistakes:
            raise Mistakes(mistakes)
        contact.save(force_insert=True)
        record(actor=actor, verb=ADDED, of=contact, **form)
        events.record(contact_id=contact.pk, channel=Channel.CONTACT, origin=Origin.ADDED, data={"by": actor.name})
        return contact

    return _looking_twice(write)


def _sent_before(mistakes: Mapping[str, Invalid], form: dict[str, str]) -> Contact | None:
    """The contact that has the identifiers because the same form was sent twice."""
    owners = {error.owner for error in mistakes.values() if isinstance(error, Taken)}
    return next((owner for owner in owners if latest(of=owner, verbs=[ADDED], **form)), None)


def holder_of(contact: Contact, name: str) -> Contact | None:
    """The other contact of its list that has this contact's identifier of that name."""
    attribute = VALUES[name].attribute
    identifier = getattr(contact, attribute)
    others = Contact.objects.of_list(contact.contact_list).exclude(pk=contact.pk)
    return others.identified_by(attribute, identifier).first() if identifier else None


def _hold_type(value: Editable) -> None:
    """Keeps a variable's definition as it is to the end of the transaction; whoever changes its type waits for that."""
    if value.name in VALUES:
        return
    if VariableDefinition.objects.held_types([value.name]).get(value.name) != value.kind:
        raise Invalid("variable_changed", _("This variable has got another type or has been deleted meanwhile."))


def _mistakes_of(contact: Contact) -> dict[str, Invalid]:
    """Why the contact cannot be kept like this, by the name of the identifier."""
    if not any(getattr(contact, VALUES[name].attribute) for name in IDENTIFIERS):
        return {"userId": Invalid("no_identifier", _("A contact needs an ID, an email or a phone number."))}
    owners = {name: holder_of(contact, name) for name in IDENTIFIERS}
    return {name: Taken(owner) for name, owner in owners.items() if owner}


def _looking_twice(write: Callable[[], T]) -> T:
    """Does the write in a transaction. Where somebody takes an identifier between look and write, the second look sees
    whose it is."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        with transaction.atomic():
            return write()


def _changed_meanwhile(contact: Contact, name: str, text: str) -> ChangedMeanwhile:
    entry = latest(of=contact, verbs=[EDITED], field=name)
    if entry and (contact.updated_at is None or entry.at > contact.updated_at):
        return ChangedMeanwhile(text, entry.actor_words, entry.at)
    return ChangedMeanwhile(text, "", contact.updated_at)
