"""What the administration of blacklists asks for."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.identity import Invalid
from subscriptions.blacklist_files import MOST_BYTES, normal
from subscriptions.facts import REASONS, Blacklist
from subscriptions.models import BlacklistEntry


class EntryForm(forms.ModelForm[BlacklistEntry]):
    """An address that is to be listed, in any usual form."""

    class Meta:
        model = BlacklistEntry
        fields = ("kind", "address", "reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "address" in self.fields:
            self.fields["address"].required = True

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        kind = Blacklist(values["kind"]) if "kind" in values else None
        if kind and "reason" in values and values["reason"] not in REASONS[kind]:
            words = ", ".join(str(reason.label) for reason in REASONS[kind])
            self.add_error("reason", _("Reasons of this list are: %(reasons)s.") % {"reasons": words})
        if kind and "address" in values:
            self._read_address(kind, values)
        return values

    def _read_address(self, kind: Blacklist, values: dict[str, Any]) -> None:
        try:
            values["address"] = normal(kind, values["address"])
        except Invalid as error:
            self.add_error("address", str(error))
        else:
            if BlacklistEntry.objects.of(kind, values["address"]).exists():
                self.add_error("address", _("This address is on the list already."))


class ImportForm(forms.Form):
    """A file of addresses for one list."""

    kind = forms.TypedChoiceField(
        label=gettext_lazy("Black list"), choices=Blacklist.choices, coerce=lambda text: Blacklist(int(text))
    )
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "A line an address: identifier, reason and, if you like, a note. What is listed already is left as it is."
        ),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(most)s. Cut it into several.") % {"most": filesizeformat(MOST_BYTES)}
            )
        return file
