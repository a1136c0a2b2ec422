from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from activity.audit import Actor
from segments.choices import field_choices
from segments.conditions import Group, Wrong
from segments.drafts import Draft, empty, of_definition, of_form
from segments.fields import fields
from segments.kinds import Field
from segments.models import MAX_NAME, Segment
from segments.writing import ChangedMeanwhile, change, checked, create


class DefinitionForm(forms.Form):
    """What has a name and a definition, as it is being made or changed. `shown` is the definition to begin with, `of`
    the segment that it is of, if it is of one."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, initial: dict[str, Any], shown: Mapping[str, Any] | None, of: int | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.of = of
        self.draft = self._draft(data, shown)
        # What is wrong with the definition as a whole.
        self.mistakes: list[str] = []

    @cached_property
    def known(self) -> dict[str, Field]:
        return fields(without=self.of)

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The fields that can be asked for."""
        return field_choices(self.known)

    def _draft(self, data: QueryDict | None, shown: Mapping[str, Any] | None) -> Draft:
        if data is not None:
            return of_form(data, self.known)
        return of_definition(shown, self.known) if shown else empty()

    def press(self, button: str) -> None:
        """Does what a button of the builder says, such as `add:r.0`."""
        do, _colon, path = button.partition(":")
        if do == "remove":
            self.draft.remove(path)
        found = self.draft.at(path)
        if found and found.is_group and (do == "add" or (do == "group" and found.can_hold_groups)):
            found.add(is_group=do == "group")

    @cached_property
    def definition(self) -> Group | None:
        """The definition as it is now; None, and the mistakes told where they are, where it is none."""
        try:
            return self.read()
        except Wrong as wrong:
            self.mistakes = self.draft.tell(wrong.mistakes)
        return None

    def read(self) -> Group:
        """Raises `conditions.Wrong`."""
        return checked(self.draft.as_json(), of=self.of)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if not name:
            raise ValidationError(_("Give it a name."))
        return name


class SegmentForm(DefinitionForm):
    def __init__(
        self, data: QueryDict | None = None, *, segment: Segment | None = None, like: Segment | None = None
    ) -> None:
        """`like`: the segment that a new one is to be a copy of."""
        shown = segment or like
        super().__init__(
            data,
            initial={"name": segment.name if segment else "", "seen": segment and segment.version},
            shown=shown.definition if shown else None,
            of=segment.pk if segment else None,
        )
        self.segment = segment

    def save(self, *, actor: Actor) -> Segment | None:
        """Keeps it; None where the form says why it cannot be."""
        if not self.is_valid() or self.definition is None:
            return None
        values: dict[str, Any] = {"name": self.cleaned_data["name"], "definition": self.draft.as_json(), "actor": actor}
        try:
            if self.segment is None:
                return create(**values)
            change(segment=self.segment, seen=self.cleaned_data["seen"] or 0, **values)
        except Wrong as wrong:
            self.mistakes = self.draft.tell(wrong.mistakes)
        except ChangedMeanwhile as error:
            self.mistakes = [str(error)]
        except ValidationError as error:
            for messages in error.message_dict.values():
                self.add_error("name", messages)
        return None if self.errors or self.mistakes else self.segment
