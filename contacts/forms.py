import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from activity.audit import Actor
from activity.form_keys import FormKey
from activity.selects import Select
from contacts import identity
from contacts.editables import Editable, standard
from contacts.editing import ChangedMeanwhile, Mistakes, Taken, add, edit
from contacts.filters import filters
from contacts.identity import Invalid
from contacts.inputs import input_for
from contacts.models import Contact, ContactList, Source
from contacts.querysets import ContactQuerySet
from contacts.values import IDENTIFIERS, VALUES


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EditForm(forms.Form):
    """One value of a contact. It brings back what the value was when the form was opened, so that nothing that somebody
    else has written since is lost: `theirs` then has it, and the next try replaces that."""

    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, contact: Contact, value: Editable, place: str = "edit") -> None:
        """`place` tells the forms of one value on one page apart."""
        present = value.text(contact)
        super().__init__(data, initial={"text": present, "seen": present}, auto_id=f"{place}-{value.name}-%s")
        self.contact, self.value = contact, value
        self.fields["text"] = input_for(value)
        self.owner: Contact | None = None
        self.theirs: ChangedMeanwhile | None = None

    def save(self, *, actor: Actor) -> bool:
        """Whether the value is now as written; the form's errors, `owner` or `theirs` say why it is not."""
        values = self.cleaned_data
        try:
            edit(self.contact, value=self.value, text=values["text"], seen=values["seen"], actor=actor)
        except Invalid as error:
            self.owner = getattr(error, "owner", None)
            self.add_error("text", str(error))
        except ChangedMeanwhile as theirs:
            self.theirs = theirs
            self.data = MultiValueDict({**self.data, "text": [values["text"]], "seen": [theirs.text]})
        return not (self.errors or self.theirs)


class AddForm(forms.Form):
    """A new contact. `owners` are the contacts that have its identifiers already, by the field's name."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.owners: dict[str, Contact] = {}
        self.fields["key"] = FormKey()
        for name in VALUES:
            self.fields[name] = input_for(standard(name))
        if not self.is_bound:
            self.fields["userId"].widget.attrs["autofocus"] = True
        for name in IDENTIFIERS:
            self.fields[name].widget.attrs |= {
                "hx-post": reverse("contacts:add_check"),
                "hx-params": name,
                "hx-trigger": "input changed delay:300ms",
                "hx-target": f"#owner-{name}",
                "hx-sync": "this:replace",
            }

    @property
    def identifiers(self) -> list[tuple[forms.BoundField, Contact | None]]:
        """The fields of which one must be filled in, each with the contact that has what is in it."""
        return [(self[name], self.owners.get(name)) for name in IDENTIFIERS]

    @property
    def others(self) -> list[forms.BoundField]:
        return [self[name] for name in VALUES if name not in IDENTIFIERS]

    def save(self, *, actor: Actor) -> Contact | None:
        """The contact; None where the form's errors say why there is none."""
        try:
            return add(self.cleaned_data, actor=actor, key=self.cleaned_data["key"])
        except Mistakes as mistakes:
            for name, error in mistakes.found.items():
                self.add_error(name, str(error))
                if isinstance(error, Taken):
                    self.owners[name] = error.owner
            self.fields[next(iter(mistakes.found))].widget.attrs["autofocus"] = True
        return None


class FilterForm(forms.Form):
    """The contact list's filters. Whatever an address holds that makes no sense is left out, not an error."""

    status = forms.ChoiceField(
        label=_("Status"),
        widget=Select,
        required=False,
        choices=[("", _("Any")), ("active", _("Active")), ("inactive", _("Inactive"))],
    )
    source = forms.ModelChoiceField(
        Source.objects.none(), label=_("Source"), required=False, empty_label=_("Any"), widget=Select
    )
    language = forms.ChoiceField(label=_("Language"), required=False, widget=Select)
    has = forms.ChoiceField(
        label=_("Can be reached by"),
        widget=Select,
        required=False,
        choices=[("", _("Anything")), ("email", _("Email")), ("phone", _("Phone number"))],
    )
    added_from = forms.DateField(label=_("Added from"), required=False, widget=DateInput)
    added_to = forms.DateField(label=_("to"), required=False, widget=DateInput)
    updated_from = forms.DateField(label=_("Updated from"), required=False, widget=DateInput)
    updated_to = forms.DateField(label=_("to"), required=False, widget=DateInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)
    search = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, contact_list: ContactList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact_list = contact_list
        self.fields["source"].queryset = Source.objects.all()  # type: ignore[attr-defined]
        in_use = ContactQuerySet.languages_in_use(contact_list)
        names = sorted((identity.language_name(code), code) for code in in_use)
        self.fields["language"].choices = [("", _("Any")), *((code, name) for name, code in names)]  # type: ignore[attr-defined]
        for each in filters:
            self.fields[each.name] = forms.ChoiceField(
                widget=Select, label=each.label, required=False, choices=[("", _("Any")), *each.options]
            )

    @property
    def more(self) -> list[forms.BoundField]:
        """Those that other apps have added."""
        return [self[each.name] for each in filters]

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters in force, without order and search."""
        self.full_clean()
        values = self.cleaned_data
        return {name: value for name, value in values.items() if value and name not in {"sort", "search"}}

    def filtered(self, contacts: ContactQuerySet) -> ContactQuerySet:
        """The contacts that every chosen filter lets through. Days are those of the viewer's time zone."""
        chosen = self.chosen
        if "status" in chosen:
            contacts = contacts.filter(is_active=chosen["status"] == "active")
        for name in ("source", "language"):
            if name in chosen:
                contacts = contacts.filter(**{name: chosen[name]})
        if "has" in chosen:
            contacts = contacts.filter(**{f"{chosen['has']}__isnull": False})
        for each in filters:
            if each.name in chosen:
                contacts = each.narrow(contacts, chosen[each.name])
        for name in ("added", "updated"):
            if start := chosen.get(f"{name}_from"):
                contacts = contacts.filter(**{f"{name}_at__gte": _midnight(start)})
            if (end := chosen.get(f"{name}_to", datetime.date.max)) < datetime.date.max:
                contacts = contacts.filter(**{f"{name}_at__lt": _midnight(end + datetime.timedelta(days=1))})
        return contacts


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
