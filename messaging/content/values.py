"""What Liquid finds under the names of a contact's variables."""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils import timezone

from activity.catalogue import Channel
from contacts.models import AccountVariable, Contact, VariableDefinition
from contacts.variable_names import CONTACT_NAMES, LIST_NAMES
from contacts.variables import Vocabulary
from subscriptions.links import Link


class Figure(float):
    """A number with a fraction that is written as it is kept, digit by digit; filters reckon with it."""

    def __new__(cls, value: Decimal) -> "Figure":
        self = super().__new__(cls, value)
        self.text = f"{value:f}"
        return self

    text: str

    def __str__(self) -> str:
        return self.text


class Moment(datetime.datetime):
    """A time that is written to the minute."""

    def __str__(self) -> str:
        return f"{self:%Y-%m-%d %H:%M}"


def values_of(contact: Contact, channel: Channel) -> dict[str, object]:
    """The values of a contact, who comes with list and source; None under a known name without a value."""
    return next(values_of_each([contact], channel))


def contact_with_values(contact_id: int) -> Contact:
    """One with list and source. Raises `Contact.DoesNotExist`."""
    return Contact.objects.select_related("source", "contact_list").get(pk=contact_id)


def values_of_each(contacts: Iterable[Contact], channel: Channel) -> Iterator[dict[str, object]]:
    """The same of each of many, by two statements for all of them.

    Variables that are archived by now are known still: what was written before must not fail for it. Where the account
    has no page of its own to unsubscribe on, people leave on ours.
    """
    vocabulary = Vocabulary.load()
    named = dict.fromkeys(each.name for each in vocabulary.definitions)
    for contact in contacts:
        found: dict[str, object] = {**named, **vocabulary.values_of(contact)}
        yield found | {"unSubscribeUrl": found["unSubscribeUrl"] or Link(contact.pk, channel).url}


def known_names() -> frozenset[str]:
    """The names that every contact's values have; archived variables are none of them."""
    own = VariableDefinition.objects.filter(archived_at=None).values_list("name", flat=True)
    account = AccountVariable.objects.values_list("name", flat=True)
    return frozenset([*CONTACT_NAMES, *LIST_NAMES, *own.union(account)])


def for_liquid(value: object) -> object:
    """A value as Liquid can reckon with it, and write it: filters take a `Decimal` for nothing."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else Figure(value)
    if isinstance(value, datetime.datetime):
        local = timezone.localtime(value)
        return Moment(*local.timetuple()[:6], tzinfo=local.tzinfo)
    return value
