"""What every tab of the profile page has around it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KT
from django.utils.functional import Promise

from activity.audit import entries_on
from activity.models import AuditEntry
from contacts.editing import ADDED, EDITED
from contacts.models import Contact, VariableDefinition
from contacts.parts import parts_of
from contacts.tabs import tabs_of
from contacts.values import VALUES


@dataclass(frozen=True)
class LastChange:
    """The last change that a person made by hand: who, when, and the label of the value, "" for all of them."""

    entry: AuditEntry
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
    """By one statement, which brings the label of a variable along."""
    variable = VariableDefinition.objects.filter(name=OuterRef("field")).values("label")[:1]
    entries = entries_on(contact, verbs=[EDITED, ADDED]).annotate(field=KT("details__field"))
    entry = entries.annotate(variable_label=Subquery(variable)).first()
    if entry is None:
        return None
    name = entry.field or ""
    return LastChange(entry, VALUES[name].label if name in VALUES else entry.variable_label or name)
