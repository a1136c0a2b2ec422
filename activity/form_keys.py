"""What tells one form from another, so that a form that is sent twice is done once."""

import uuid
from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError


class FormKey(forms.UUIDField):
    """A hidden key of each form that is shown; one that is none counts as a new one."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid.uuid4)

    def clean(self, value: str | None) -> uuid.UUID:
        with suppress(ValidationError):
            return super().clean(value) or uuid.uuid4()
        return uuid.uuid4()
