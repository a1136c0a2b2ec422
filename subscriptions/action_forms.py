"""What each action asks for, and the verb that it calls."""

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.audit import Actor
from contacts.models import Contact
from subscriptions import blacklists
from subscriptions.actions import ACTIVATE, DEACTIVATE, Action
from subscriptions.activation import activate, deactivate
from subscriptions.facts import LISTED, REASONS, Door, Fact
from subscriptions.facts import Reason as BlacklistReason
from subscriptions.forms import SPOILT, Reason
from subscriptions.models import BlacklistEntry
from subscriptions.records import Refused
from subscriptions.standing import Standing

Data = MultiValueDict[str, str] | None


class ActionForm(forms.Form):
    """An action on a contact as it stood when the form was opened: `seen` says what was known then."""

    reason = Reason()
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput, error_messages={"invalid": SPOILT})

    def __init__(self, data: Data, *, action: Action, standing: Standing) -> None:
        super().__init__(data, initial={"seen": self.present(action, standing)})
        self.action, self.standing = action, standing

    @staticmethod
    def present(_action: Action, standing: Standing) -> int:
        return standing.seen(Fact.ACTIVE)

    @property
    def contact(self) -> Contact:
        return self.standing.contact

    def save(self, *, actor: Actor) -> bool:
        """Whether anything has changed. Raises `Refused`, and `Contact.DoesNotExist`."""
        given: dict[str, Any] = {"actor": actor, "door": Door.PAGE, "reason": self.cleaned_data["reason"]}
        if self.action is DEACTIVATE:
            return deactivate(contact=self.contact, **given)
        return activate(contact=self.contact, seen=self.cleaned_data["seen"] or 0, **given)

    def renewed(self, refusal: Refused, standing: Standing) -> "ActionForm":
        """What was written, in a form for how the contact stands now, with the reason why it was not done."""
        data = MultiValueDict({**self.data, "seen": [str(self.present(self.action, standing))]})
        form = type(self)(data, action=self.action, standing=standing)
        form.add_error(None, str(refusal))
        return form


class ListingForm(ActionForm):
    """Lists the contact's address."""

    note = Reason(label=gettext_lazy("Note"), max_length=200)

    def __init__(self, data: Data, *, action: Action, standing: Standing) -> None:
        super().__init__(data, action=action, standing=standing)
        self.kind = listed_kind(action)
        choices = [(reason.value, reason.label) for reason in REASONS[self.kind]]
        self.fields["reason"] = forms.ChoiceField(
            label=gettext_lazy("Reason"), choices=choices, initial=BlacklistReason.MANUAL
        )

    def save(self, *, actor: Actor) -> bool:
        reason = BlacklistReason(self.cleaned_data["reason"])
        address = getattr(self.contact, LISTED[self.kind])
        note = self.cleaned_data["note"]
        return blacklists.add(kind=self.kind, address=address, reason=reason, note=note, actor=actor, door=Door.PAGE)


class UnlistingForm(ActionForm):
    """Takes off the entry that was seen, not one that somebody has added since."""

    @staticmethod
    def present(action: Action, standing: Standing) -> int:
        listed = standing.listed.get(listed_kind(action))
        return listed.pk if listed else 0

    def save(self, *, actor: Actor) -> bool:
        entry = BlacklistEntry.objects.filter(pk=self.present(self.action, self.standing)).first()
        if entry is None:
            return False
        if entry.pk != self.cleaned_data["seen"]:
            raise Refused("changed_meanwhile", _("The address has been listed anew meanwhile. Look again."))
        return blacklists.remove(entry=entry, actor=actor, door=Door.PAGE, reason=self.cleaned_data["reason"])


def form_of(action: Action) -> type[ActionForm]:
    if action in (ACTIVATE, DEACTIVATE):
        return ActionForm
    return ListingForm if action.stops else UnlistingForm


def listed_kind(action: Action) -> Any:
    """The blacklist of an action that has one. Raises `ValueError` for any other."""
    if action.kind is None:
        raise ValueError(action.slug)
    return action.kind
