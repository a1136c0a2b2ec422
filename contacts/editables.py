"""What can be edited on a profile: the standard values and the account's own variables, each as one line of text."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.identity import Invalid
from contacts.identity.text import BLANK, lines
from contacts.models import Contact, Source, VariableDefinition
from contacts.values import VALUES, Value, readers
from contacts.variable_types import Type, VariableDecoder, for_people, to_json

Kind = Literal["line", "email", "phone", "date", "gender", "language", "source", "timezone", "link"] | Type

# How a variable is shown, and in the Variables tab also every other value.
VARIABLE = "contacts/values/variable.html"

_KINDS: dict[str, Kind] = {
    "email": "email",
    "phoneNumber": "phone",
    "birthday": "date",
    "gender": "gender",
    "language": "language",
    "source": "source",
    "timezone": "timezone",
    "avatarUrl": "link",
}


@dataclass(frozen=True)
class Editable:
    """One value that can be set. `kind` is how it is asked for; `text` is what a form shows and `set` reads."""

    name: str
    label: str | Promise
    kind: Kind
    text: Callable[[Contact], str]
    put: Callable[[Contact, str], None]
    field: str
    template: str = VARIABLE

    def set(self, contact: Contact, text: str) -> bool:
        """Gives the value to the contact, which is not saved; "" clears it. Returns whether anything changed.

        Raises `identity.Invalid` for a text that is no value of its kind.
        """
        before = self.text(contact)
        if text.strip() and not text.strip(BLANK):
            raise Invalid("blank", _("The value has only invisible characters"))
        self.put(contact, "" if not text.strip() else lines(text))
        return self.text(contact) != before


def editable(name: str) -> Editable | None:
    """What can be edited under this name of the API, or under the variable's own; None where nothing can."""
    if name in VALUES:
        return standard(name)
    definition = VariableDefinition.objects.current().filter(name=name).first()
    return _variable(definition) if definition else None


def standard(name: str) -> Editable:
    """The standard value of this name. Raises `KeyError` for any other."""
    value = VALUES[name]
    read = readers("", region=settings.DEFAULT_REGION, sources=Source.ids_by_name)[value.name]
    field: Any = Contact._meta.get_field(value.attribute)

    def put(contact: Contact, text: str) -> None:
        setattr(contact, value.attribute, field.to_python(read(text)) if text else field.get_default())

    return Editable(
        value.name,
        value.label,
        _KINDS.get(value.name, "line"),
        text=lambda contact: _written(contact, value),
        put=put,
        field=field.name,
        template=value.template,
    )


def _written(contact: Contact, value: Value) -> str:
    if value.name == "source":
        return contact.source.code if contact.source else ""
    if value.name == "email":
        return contact.email_for_people
    found = getattr(contact, value.attribute)
    return "" if found is None else str(found)


def _variable(definition: VariableDefinition) -> Editable:
    name = definition.name

    def put(contact: Contact, text: str) -> None:
        kept = {known: value for known, value in contact.variables.items() if known != name}
        written = {name: json.loads(to_json(definition.type, text), cls=VariableDecoder)} if text else {}
        contact.variables = kept | written

    def text(contact: Contact) -> str:
        value = contact.variables.get(name)
        return str(value).lower() if isinstance(value, bool) else lines(for_people(value))

    return Editable(name, definition.label or name, Type(definition.type), text=text, put=put, field="variables")
