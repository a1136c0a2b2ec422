"""What the account's contacts can be asked: their values, permission to send, segments, and what they did."""

from collections.abc import Iterator
from typing import NamedTuple

import pytz
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from activity.catalogue import KINDS, MESSAGE_CHANNELS, MESSAGE_ORIGINS, Channel, Origin, Status
from activity.labels import CHANNELS, origin_label
from activity.models import CustomEventType
from contacts import identity
from contacts.models import ContactList, Source, VariableDefinition
from contacts.querysets import ContactQuerySet
from contacts.values import VALUES
from contacts.variable_types import Type
from segments import behaviour_words
from segments.kinds import Field, Kind
from segments.models import Segment
from subscriptions.facts import BLACKLISTS, Blacklist, State

VARIABLE = "variable:"
# Origins stand behind the statuses, among what contacts did.
BEYOND_STATUSES = 100
_OF_SEGMENTS = (Origin.ADDED_TO_SEGMENT, Origin.DROPPED_FROM_SEGMENT)
_KINDS = {
    Type.STRING: Kind.TEXT,
    Type.NUMBER: Kind.NUMBER,
    Type.DATE: Kind.DATE,
    Type.BOOLEAN: Kind.BOOLEAN,
}

_KINDS_OF_VALUES = {"birthday": Kind.DATE, "timezone": Kind.TEXT}
_ZONES = tuple((name, name.replace("_", " ")) for name in pytz.common_timezones)


class Deed(NamedTuple):
    """What a contact did, as behaviour knows it."""

    channel: Channel
    deed: int
    name: str = ""


def deed_of(channel: Channel, origin: Origin, status: Status) -> Deed:
    return Deed(channel, BEYOND_STATUSES + origin if status is Status.NONE else status)


def deeds() -> dict[str, Deed]:
    """The kinds of the catalogue that conditions can ask for, by the keys of their fields.

    Not those of segments: one that contacts leave because they came would never come to rest.
    """
    found: dict[str, Deed] = {}
    for channel, origin, status in KINDS:
        if origin not in _OF_SEGMENTS:
            word = origin.slug if status is Status.NONE else status.slug
            found[f"did:{channel.slug}:{word}"] = deed_of(channel, origin, status)
    return found


def deed_named(key: str) -> Deed:
    """The deed of a field's key; what stands behind the third colon is the name of a custom event."""
    did, channel, word, *name = key.split(":")
    return deeds()[f"{did}:{channel}:{word}"]._replace(name="".join(name))


def fields(*, without: int | None = None) -> dict[str, Field]:
    """All fields by their keys, as they are offered. `without`: the segment that cannot ask for itself, by id."""
    found = [*_values(), *_variables(), *_permissions(), *_segments(without), *_behaviour()]
    return {field.key: field for field in found}


def _values() -> Iterator[Field]:
    group = _("Contact Variables")
    languages = ContactQuerySet.languages_in_use(ContactList.default())
    choices = {
        "gender": tuple((str(code), str(label)) for code, label in identity.Gender.choices if code),
        "language": tuple(
            sorted(((code, identity.language_name(code)) for code in languages), key=lambda pair: pair[1])
        ),
        # A contact may have an offset instead: what they have is a text.
        "timezone": _ZONES,
        "source": tuple((str(pk), name) for pk, name in Source.objects.values_list("pk", "name")),
    }
    for value in VALUES.values():
        kind = Kind.CHOICE if value.name in choices else Kind.TEXT
        kind = _KINDS_OF_VALUES.get(value.name, kind)
        yield Field(value.name, str(value.label), group, kind, choices.get(value.name, ()))
    yield Field("contactScore", _("Contact score"), group, Kind.NUMBER)
    yield Field("addedAt", _("Added"), group, Kind.DATE)
    yield Field("lastUpdate", _("Last update"), group, Kind.DATE)
    yield Field("active", _("Active"), group, Kind.FACT)


def _variables() -> Iterator[Field]:
    for variable in VariableDefinition.objects.all():
        kind = _KINDS[Type(variable.type)]
        yield Field(
            VARIABLE + variable.name, str(variable), _("Your own variables"), kind, is_archived=variable.archived
        )


def _permissions() -> Iterator[Field]:
    group = _("Permission to send")
    states = tuple((state.name.lower(), str(state.label)) for state in State)
    for channel in MESSAGE_CHANNELS:
        words = {"channel": CHANNELS[channel]}
        yield Field(f"subscription:{channel.slug}", _("%(channel)s subscription") % words, group, Kind.STATE, states)
        label = _("%(channel)s subscription, since when") % words
        yield Field(f"subscription:{channel.slug}:since", label, group, Kind.DATE)
        yield Field(f"receives:{channel.slug}", _("Can receive %(channel)s") % words, group, Kind.FACT)
    for kind in BLACKLISTS.values():
        yield Field(f"blacklist:{Blacklist(kind).name.lower()}", str(Blacklist(kind).label), group, Kind.FACT)


def _segments(without: int | None) -> Iterator[Field]:
    rows = Segment.objects.current().exclude(pk=without or 0).values_list("pk", "name")
    yield Field("segment", _("Segment"), _("Segments"), Kind.SEGMENT, tuple((str(pk), name) for pk, name in rows))


def deed_words(deed: Deed) -> tuple[str, str]:
    """That it was done, such as “opened an email”, and that it was not."""
    if deed.deed < BEYOND_STATUSES:
        return behaviour_words.of_message(deed.channel, Status(deed.deed))
    return behaviour_words.of_other(deed.channel, Origin(deed.deed - BEYOND_STATUSES), deed.name)


def _behaviour() -> Iterator[Field]:
    for key, deed in deeds().items():
        did, _did_not = deed_words(deed)
        is_message = deed.deed < BEYOND_STATUSES
        yield Field(key, capfirst(did), _("What they did"), Kind.DEED, by_message=is_message)
    for event in CustomEventType.objects.all():
        origin = Origin.CUSTOM_CONVERSION if event.is_conversion else Origin.CUSTOM_EVENT
        key = f"did:{Channel.OTHER.slug}:{origin.slug}:{event.name}"
        yield Field(key, event.name, _("What they did"), Kind.DEED, is_archived=event.archived)


def origins() -> list[tuple[str, str]]:
    """Those that a condition on messages can ask for."""
    return [(origin.slug, str(origin_label(origin))) for origin in MESSAGE_ORIGINS]
