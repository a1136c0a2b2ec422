"""What every tab of the profile page has around it."""

import datetime
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import OuterRef, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Concat, JSONObject, Trim
from django.utils.functional import Promise

from activity.audit import entries_on
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
    """What `contacts/profile.html` needs to show a contact with this tab open; `count` as `tabs_of` takes it."""
    return {
        "contact": contact,
        "tabs": tabs_of(contact, current=tab, count=count),
        "facts": VALUES.values(),
        "last_change": last_change(contact),
        "parts": parts_of(contact),
    }


def last_change(contact: Contact) -> LastChange | None:
    """By one statement, which brings the label of a variable along. Raises `Contact.DoesNotExist`."""
    found = _statement().of(contact.pk)["last_change"]
    if found is None:
        return None
    entry = json.loads(found)
    name = entry["field"] or ""
    label = VALUES[name].label if name in VALUES else entry["label"] or name
    return LastChange(entry["full_name"] or entry["name"], datetime.datetime.fromisoformat(entry["at"]), label)


@cache
def _statement() -> OneContact:
    entries = entries_on(Contact(pk=OuterRef("pk")), verbs=[EDITED, ADDED]).annotate(field=KT("details__field"))
    label = Subquery(VariableDefinition.objects.filter(name=OuterRef("field")).values("label")[:1])
    full_name = Trim(Concat("actor__first_name", Value(" "), "actor__last_name"))
    entry = JSONObject(name="actor_name", full_name=full_name, at="at", field="field", label=label)
    return OneContact(last_change=Subquery(entries.values_list(entry)[:1]))
