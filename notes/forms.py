import uuid
from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

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


class FormKey(forms.UUIDField):
    """Tells one form from another, so that sending it twice is seen; a key that is none counts as a new one."""

    widget = forms.HiddenInput

    def clean(self, value: str | None) -> uuid.UUID:
        with suppress(ValidationError):
            return super().clean(value) or uuid.uuid4()
        return uuid.uuid4()


class NoteForm(forms.Form):
    text = NoteText(label=_("New note"), help_text=_HELP)
    key = FormKey(required=False, initial=uuid.uuid4)
