from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from activity.selects import Select
from contacts.bulk.actions import Action, action_of, offered_to
from contacts.identity.text import CONTROL

CHOSEN, ALL = "chosen", "all"
# Of one page of the list.
MOST_CHOSEN = 500


class ChoiceForm(forms.Form):
    """Which contacts of the list, and what is to become of them."""

    use_required_attribute = False

    scope = forms.ChoiceField(
        choices=[(CHOSEN, _("those I have ticked")), (ALL, _("all that the list shows"))], widget=Select
    )
    action = forms.ChoiceField(widget=Select, error_messages={"required": _("Choose what is to be done.")})

    def __init__(self, data: QueryDict | None = None, *, user: AbstractUser) -> None:
        super().__init__(data, prefix="bulk")
        groups = [(group, [(each.slug, each.label) for each in some]) for group, some in offered_to(user).items()]
        self.fields["action"].choices = [("", _("Choose an action")), *groups]  # type: ignore[attr-defined]
        self.ids = [int(pk) for pk in data.getlist("ids") if pk.isdecimal() and len(pk) < 19] if data else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scope") == CHOSEN and not self.ids:
            raise ValidationError(_("Tick the contacts it is for, or choose all that the list shows."))
        if len(self.ids) > MOST_CHOSEN:
            raise ValidationError(_("These are too many to be ticked."))
        return cleaned

    @property
    def chosen_action(self) -> Action:
        action = action_of(self.cleaned_data["action"])
        assert action  # noqa: S101 - the field offers no other
        return action


class ReasonForm(forms.Form):
    """Why, for the records of consent and the audit log."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("Kept with every contact it is done to.")
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if CONTROL.search(reason):
            raise ValidationError(_("This has control characters or line breaks."))
        return reason
