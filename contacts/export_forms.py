from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from activity.exports.steps import CSV, XLSX
from contacts.exporting import choices

FORMATS = [(CSV, _("CSV, for every program")), (XLSX, _("Excel workbook (XLSX)"))]


class ExportForm(forms.Form):
    """Which columns, and in which form."""

    use_required_attribute = False

    format = forms.ChoiceField(label=_("File"), choices=FORMATS, widget=forms.RadioSelect, initial=CSV)
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one column.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        columns = choices()
        super().__init__(data, initial={"columns": [name for name, _label in columns]})
        self.fields["columns"].choices = columns  # type: ignore[attr-defined]
