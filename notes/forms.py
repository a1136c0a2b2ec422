from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from activity.form_keys import FormKey
from contacts.identity import Invalid
from notes.text import MOST_CHARACTERS, note_text

_HELP = format_lazy(_("Up to {most} characters. Whoever sees this profile can read it."), most=MOST_CHARACTERS)


class NoteText(forms.Field):
    """Refuses exactly what the verb refuses, and changes nothing else."""

    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto", "data-most-characters": MOST_CHARACTERS})

    def clean(self, value: str | None) -> str:
        try:
            return note_text(value or "")
        except Invalid as reason:
            raise ValidationError(str(reason), code=reason.code) from reason


class NoteForm(forms.Form):
    text = NoteText(label=_("New note"), help_text=_HELP)
    key = FormKey()
