"""What every tab of the profile page has around it."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Concat, JSONObject, Trim
from django.utils.functional import Promise

from activity.audit import entries_on
from contacts import parts, tabs
from contacts.editing import ADDED, EDITED
from contacts.models import Contact, VariableDefinition
from contacts.parts import parts_of
from contacts.statements import OneContact
from contacts.tabs import tabs_of
from contacts.values import VALUES


@dataclass(frozen=True)
class LastChange:
    """The last change that a person made by hand: who, when, and the label of the value, "" for all of them."""

    who: str
    at: datetime.datetime
    label: str | Promise


def profile_context(contact: Contact, *, tab: str, count: int | None = None) -> dict[str, Any]:
    """What `contacts/profile.html` needs to show a contact with this tab open; `count` as `tabs_of` takes it.

    By one statement. Raises `Contact.DoesNotExist` for one who has gone.
    """
    known = _statement().of(contact.pk)
    return {
        "contact": contact,
        "tabs": tabs_of(contact, known, current=tab, count=count),
        "facts": VALUES.values(),
        **_around(contact, known),
    }


def around(contact: Contact) -> dict[str, Any]:
    """What may stand elsewhere on the profile when something of the contact has changed."""
    return _around(contact, _statement().of(contact.pk))


def _around(contact: Contact, known: Mapping[str, Any]) -> dict[str, Any]:
    return {"last_change": _last_change(known), "parts": parts_of(contact, known)}


def _last_change(known: Mapping[str, Any]) -> LastChange | None:
    if known["last_change"] is None:
        return None
    entry = json.loads(known["last_change"])
    name = entry["field"] or ""
    label = VALUES[name].label if name in VALUES else entry["label"] or name
    return LastChange(entry["full_name"] or entry["name"], datetime.datetime.fromisoformat(entry["at"]), label)


def _asked() -> dict[str, Combinable]:
    entries = entries_on(Contact(pk=OuterRef("pk")), verbs=[EDITED, ADDED]).annotate(field=KT("details__field"))
    label = Subquery(VariableDefinition.objects.filter(name=OuterRef("field")).values("label")[:1])
    full_name = Trim(Concat("actor__first_name", Value(" "), "actor__last_name"))
    entry = JSONObject(name="actor_name", full_name=full_name, at="at", field="field", label=label)
    return {"last_change": Subquery(entries.values_list(entry)[:1])}


@cache
def _statement() -> OneContact:
    return OneContact(**tabs.asked(), **parts.asked(), **_asked())
