import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts import identity
from contacts.models import ContactList, Source
from contacts.querysets import ContactQuerySet


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FilterForm(forms.Form):
    """The contact list's filters. Whatever an address holds that makes no sense is left out, not an error."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Any")), ("active", _("Active")), ("inactive", _("Inactive"))],
    )
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Source"), required=False, empty_label=_("Any"))
    language = forms.ChoiceField(label=_("Language"), required=False)
    has = forms.ChoiceField(
        label=_("Can be reached by"),
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
        for name in ("added", "updated"):
            if start := chosen.get(f"{name}_from"):
                contacts = contacts.filter(**{f"{name}_at__gte": _midnight(start)})
            if (end := chosen.get(f"{name}_to", datetime.date.max)) < datetime.date.max:
                contacts = contacts.filter(**{f"{name}_at__lt": _midnight(end + datetime.timedelta(days=1))})
        return contacts


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
