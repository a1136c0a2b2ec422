"""How each kind of value is asked for in a form."""

from collections.abc import Callable

import pytz
from django import forms
from django.utils.translation import gettext as _

from contacts import identity
from contacts.editables import Editable, Kind
from contacts.models import Source
from contacts.variable_types import Type

Choices = list[tuple[str, str]]
# The list of suggestions that pages with a time zone to fill in have (`contacts/timezones.html`).
TIMEZONES_ID = "timezones"
TIMEZONES = pytz.common_timezones

_ATTRIBUTES: dict[Kind, dict[str, str]] = {
    "email": {"inputmode": "email", "autocapitalize": "off"},
    "phone": {"inputmode": "tel", "dir": "ltr"},
    "date": {"placeholder": "YYYY-MM-DD", "inputmode": "numeric"},
    "timezone": {"list": TIMEZONES_ID, "placeholder": "Europe/Kyiv, +03:00"},
    "link": {"inputmode": "url", "placeholder": "https://", "autocapitalize": "off"},
    Type.DATE: {"placeholder": "YYYY-MM-DD", "inputmode": "numeric"},
    Type.NUMBER: {"inputmode": "decimal"},
}


def input_for(editable: Editable, *, required: bool = False) -> forms.Field:
    """A field whose value is the text that `Editable.set` reads, untouched; a choice is a text of its own."""
    choices = _CHOICES.get(editable.kind)
    widget: forms.Widget
    if choices:
        widget = forms.Select(choices=choices())
    elif editable.kind == Type.STRING:
        widget = forms.Textarea(attrs={"rows": 1, "dir": "auto"})
    else:
        widget = forms.TextInput(attrs={"dir": "auto"} | _ATTRIBUTES.get(editable.kind, {}))
    widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(label=str(editable.label), required=required, strip=False, widget=widget)


def _genders() -> Choices:
    return [(str(gender.value), f"{gender.value} · {gender.label}") for gender in identity.Gender]


def _languages() -> Choices:
    names = sorted((identity.language_name(code), code) for code in identity.language_codes())
    return [("", _("Not known")), *((code, f"{name} · {code}") for name, code in names)]


def _sources() -> Choices:
    return [("", _("Not known")), *Source.objects.values_list("code", "name")]


def _booleans() -> Choices:
    return [("", _("Not known")), ("true", _("yes")), ("false", _("no"))]


_CHOICES: dict[Kind, Callable[[], Choices]] = {
    "gender": _genders,
    "language": _languages,
    "source": _sources,
    Type.BOOLEAN: _booleans,
}
