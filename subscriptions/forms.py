"""What a change of permission asks people of. A form brings back the last change that whoever filled it in has seen."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from activity.audit import Actor
from contacts.models import Contact
from subscriptions import consent
from subscriptions.facts import Door, State
from subscriptions.records import Evidence, Refused
from subscriptions.standing import ChannelStanding

_MOST = 500
_MISSING = _("Without this they cannot be subscribed again.")
SPOILT = _("The form has come back spoilt. Open it anew.")


def _line(**attributes: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"} | attributes)


class Reason(forms.CharField):
    """Why; kept with the change, for whoever asks later."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"label": _("Reason"), "required": False, "max_length": _MOST, "widget": _line()}
        super().__init__(**defaults | kwargs)
        self.error_messages["required"] = _MISSING


class ChannelForm(forms.Form):
    """The change of one channel: `to` says which, so that a form sent late does what it said or nothing."""

    to = forms.ChoiceField(
        choices=[("subscribed", ""), ("unsubscribed", "")],
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), SPOILT),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput, error_messages={"invalid": SPOILT})
    reason = Reason()

    def __init__(self, data: MultiValueDict[str, str] | None, *, contact: Contact, standing: ChannelStanding) -> None:
        to = "unsubscribed" if standing.is_subscribed else "subscribed"
        initial = {"to": to, "seen": standing.seen}
        super().__init__(data, initial=initial, auto_id=f"{standing.channel.slug}-%s")
        self.contact, self.standing = contact, standing
        if standing.state is State.UNSUBSCRIBED:
            self._ask_for_evidence()

    @property
    def needs_evidence(self) -> bool:
        return "source" in self.fields

    def _ask_for_evidence(self) -> None:
        today = timezone.localdate().isoformat()
        self.fields["reason"] = Reason(label=_("Why they are subscribed again"), required=True)
        self.fields["source"] = Reason(
            label=_("Where they asked for it"), required=True, help_text=_("Such as an email, a call, a form.")
        )
        self.fields["day"] = forms.DateField(
            label=_("When they asked"),
            error_messages={"required": _MISSING},
            widget=forms.DateInput(attrs={"type": "date", "max": today}, format="%Y-%m-%d"),
        )
        self.fields["wording"] = Reason(
            label=_("In which words"), required=True, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
        )

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is yet to come."))
        return day

    def save(self, *, actor: Actor) -> bool:
        """Whether anything has changed. Raises `Refused`, and `Contact.DoesNotExist`."""
        values = self.cleaned_data
        contact, channel = self.contact, self.standing.channel
        given: dict[str, Any] = {"actor": actor, "door": Door.PAGE, "reason": values["reason"]}
        if values["to"] == "unsubscribed":
            return consent.unsubscribe(contact=contact, channel=channel, **given)
        return consent.subscribe(
            contact=contact, channel=channel, evidence=self._evidence(), seen=values["seen"] or 0, **given
        )

    def _evidence(self) -> Evidence | None:
        values = self.cleaned_data
        if not self.needs_evidence:
            return None
        at = timezone.make_aware(datetime.datetime.combine(values["day"], datetime.time()))
        return Evidence(source=values["source"], at=at, wording=values["wording"])

    def renewed(self, refusal: Refused, standing: ChannelStanding) -> "ChannelForm":
        """What was written, in a form for how the contact stands now, with the reason why it was not done."""
        to = "unsubscribed" if standing.is_subscribed else "subscribed"
        data = MultiValueDict({**self.data, "seen": [str(standing.seen)], "to": [to]})
        form = ChannelForm(data, contact=self.contact, standing=standing)
        form.add_error(None, str(refusal))
        return form
