from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from activity.admin import ArchivableAdmin, ArchiveFilter, ComponentAdmin
from activity.audit import Actor
from activity.component_forms import ArchivableForm, ComponentForm
from contacts.iso import countries, currencies
from contacts.models import AccountVariable, ContactList, Source, VariableDefinition
from contacts.retyping import change_variable, reason_against

_SHOWN_CHARACTERS = 80


class ContactListForm(ComponentForm[ContactList]):
    company_country = forms.ChoiceField(label=_("Company country"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "company_country" in self.fields:
            self.fields["company_country"].choices = [("", "—"), *countries()]  # type: ignore[attr-defined]


@admin.register(ContactList)
class ContactListAdmin(ComponentAdmin[ContactList]):
    form = ContactListForm
    list_display = ("name", "is_default", "company_name", "created_at")
    search_fields = ("name", "company_name", "host")
    fieldsets = (
        (None, {"fields": ("name",), "description": _("Messages know the name as {{ listName }}.")}),
        (
            _("List variables"),
            {
                "fields": (
                    "host",
                    "company_name",
                    "company_email",
                    "company_address",
                    "company_country",
                    "unsubscribe_url",
                    "subscribe_url",
                ),
                "description": _(
                    "What messages to the contacts of this list say of the sender, as {{ host }}, {{ companyName }}, "
                    "{{ companyEmail }}, {{ companyAddress }}, {{ companyCountry }}, {{ unSubscribeUrl }} and "
                    "{{ subscribeUrl }}."
                ),
            },
        ),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "company_address":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "cols": 60})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: ContactList | None = None) -> bool:
        """The default list stays."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_default)


class SourceForm(ComponentForm[Source]):
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "currency" in self.fields:
            self.fields["currency"].choices = [("", "—"), *currencies()]  # type: ignore[attr-defined]
        if (cost := self.instance.acquisition_cost) is not None:
            self.initial["acquisition_cost"] = plain(cost)


@admin.register(Source)
class SourceAdmin(ComponentAdmin[Source]):
    form = SourceForm
    fields = ("name", "code", "acquisition_cost", "currency")
    list_display = ("name", "code", "cost")
    search_fields = ("name", "code")

    @admin.display(description=_("acquisition cost"), ordering="acquisition_cost", empty_value="—")
    def cost(self, source: Source) -> str | None:
        if source.acquisition_cost is None:
            return None
        return f"{number_format(plain(source.acquisition_cost), force_grouping=True)} {source.currency}"


def plain(cost: Decimal) -> Decimal:
    """The cost with two decimals, and as many more as it needs."""
    return max(round(cost, 2), cost.normalize(), key=lambda each: -each.as_tuple().exponent)  # type: ignore[operator]


class VariableDefinitionForm(ArchivableForm[VariableDefinition]):
    def clean_type(self) -> str:
        """Where the values of contacts do not fit another type, the form says so; the verb looks again."""
        type_ = str(self.cleaned_data["type"])
        if self.instance.pk and "type" in self.changed_data and (reason := reason_against(self.instance.name, type_)):
            raise forms.ValidationError(reason)
        return type_


@admin.register(VariableDefinition)
class VariableDefinitionAdmin(ArchivableAdmin[VariableDefinition]):
    form = VariableDefinitionForm
    fields = ("name", "label", "type")
    list_display = ("name", "label", "type", "in_use")
    list_filter = (ArchiveFilter, "type")
    search_fields = ("name", "label")

    def save_component(self, component: VariableDefinition, *, actor: Actor, fields: list[str]) -> None:
        change_variable(component, actor=actor, fields=fields)


@admin.register(AccountVariable)
class AccountVariableAdmin(ComponentAdmin[AccountVariable]):
    fields = ("name", "label", "type", "value")
    list_display = ("name", "label", "type", "beginning")
    list_filter = ("type",)
    search_fields = ("name", "label", "value")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "value":
            # A string is kept exactly as it is written.
            kwargs |= {"strip": False, "widget": forms.Textarea(attrs={"rows": 3, "cols": 60})}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("value"))
    def beginning(self, variable: AccountVariable) -> str:
        return Truncator(variable.value).chars(_SHOWN_CHARACTERS)
