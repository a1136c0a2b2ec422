"""What Liquid finds under the names of a contact's variables."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils import timezone

from activity.catalogue import Channel
from contacts.models import Contact
from contacts.variable_types import Value
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


def values_of(contact_id: int, channel: Channel) -> dict[str, object]:
    """The values of one contact; None under a name that is known but has no value here.

    Raises `Contact.DoesNotExist` for one who has gone.
    """
    contact = Contact.objects.select_related("source", "contact_list").get(pk=contact_id)
    return next(iter(values_of_each([contact], channel)))


def values_of_each(contacts: Iterable[Contact], channel: Channel) -> Iterable[dict[str, object]]:
    """The values of each of these contacts, who come with list and source: two statements for all of them."""
    vocabulary = Vocabulary.load()
    for contact in contacts:
        values = {name: for_liquid(value) for name, value in vocabulary.values_of(contact).items()}
        # Where the account has no page of its own, people leave on ours.
        yield values | {"unSubscribeUrl": values["unSubscribeUrl"] or Link(contact.pk, channel).url}


def for_liquid(value: Value | float | None) -> object:
    """A value as Liquid can reckon with it, and write it: filters take a `Decimal` for nothing."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else Figure(value)
    if isinstance(value, datetime.datetime):
        local = timezone.localtime(value)
        return Moment(*local.timetuple()[:6], tzinfo=local.tzinfo)
    return value


def with_brought(values: Mapping[str, object], brought: Mapping[str, object]) -> dict[str, object]:
    """The values with those that a request brings, which come first."""
    return {**values, **brought}
