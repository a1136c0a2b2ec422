"""Forms of components, which change what their reader has changed and nothing else."""

from typing import Any, Generic, TypeVar, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.models import ArchivableComponent, Component

AnyComponent = TypeVar("AnyComponent", bound=Component)
AnyArchivable = TypeVar("AnyArchivable", bound=ArchivableComponent)


class ComponentForm(forms.ModelForm[AnyComponent], Generic[AnyComponent]):
    """The form of a component.

    It carries what its reader has seen. What they left alone stays as it is now, whoever changed it meanwhile; where
    somebody else changed the same field, it tells the present value and asks once more.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name, field in self.fields.items():
                field.show_hidden_initial = not self.is_bound or self.add_initial_prefix(name) in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            changed = set(self.changed_data)
            for name in self.fields:
                if name in changed:
                    self._compare_with_present(name)
                elif name in cleaned:
                    cleaned[name] = getattr(self.instance, name)
        return cleaned

    def _compare_with_present(self, name: str) -> None:
        """Refuses a change of what its reader has not seen; from then on they have."""
        bound, present = self[name], self.get_initial_for_field(self.fields[name], name)
        seen_name = bound.html_initial_name
        seen = self.data.get(seen_name, present)
        if not all(bound.field.has_changed(present, _with_plain_lines(each)) for each in (seen, bound.data)):
            return
        self.data = cast("QueryDict", self.data).copy()
        self.data[seen_name] = bound.field.prepare_value(present)
        shown = dict(getattr(bound.field, "choices", ())).get(present, present)
        self.add_error(
            name,
            _("Somebody has changed this to “%(value)s” meanwhile. Save again to replace it with yours.")
            % {"value": shown}
            if shown not in ("", None)
            else _("Somebody has cleared this meanwhile. Save again to replace it with yours."),
        )


def _with_plain_lines(sent: Any) -> Any:
    """Browsers send line breaks as CRLF."""
    return sent.replace("\r\n", "\n") if isinstance(sent, str) else sent


class ArchivableForm(ComponentForm[AnyArchivable], Generic[AnyArchivable]):
    """The form of a component with a box that puts it aside."""

    archived = forms.BooleanField(
        label=gettext_lazy("Archived"),
        required=False,
        help_text=gettext_lazy(
            "Not offered any more, but kept with all that refers to it. Clear the box to take it into use again."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "archived" in self.fields:
            self.initial["archived"] = self.instance.archived
