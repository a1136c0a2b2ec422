"""The account's own variables: those of contacts, and those that are the same in every message."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from activity.constraints import UniqueInAnyCase
from activity.models import ArchivableComponent, Component
from contacts import identity
from contacts.component_fields import validate_line
from contacts.identity.text import lines
from contacts.models.contact import Contact
from contacts.querysets import VariableQuerySet
from contacts.variable_names import validate_name
from contacts.variable_types import Type, Value, normal_text, of_text


class VariableDefinition(ArchivableComponent):
    """One of the account's own contact variables; its values are in `Contact.variables` under its name."""

    FIXED = ("name",)

    name = models.CharField(
        _("name"),
        max_length=40,
        validators=[validate_name],
        help_text=_("Up to 40 Latin letters, digits and _: what messages, imports and the API call it. It stays."),
    )
    label = models.CharField(
        _("label"), max_length=150, blank=True, validators=[validate_line], help_text=_("What people read instead.")
    )
    type = models.CharField(
        _("type"),
        max_length=10,
        choices=Type,
        help_text=_(
            "Another type can be chosen only where the values of all contacts fit it; they are converted then."
        ),
    )
    created_at = models.DateTimeField(_("created"), default=now, editable=False)

    objects = VariableQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact variable")
        verbose_name_plural = _("contact variables")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=Type.values), name="variable_type"),
            UniqueInAnyCase(
                Lower("name"),
                name="variable_name",
                violation_error_message=_("There is a contact variable of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.name

    def uses(self) -> str:
        count = Contact.objects.with_value_of(self.name).count()
        words = ngettext(
            "%(count)d contact has a value of this variable: archive it instead of deleting it.",
            "%(count)d contacts have a value of this variable: archive it instead of deleting it.",
            count,
        )
        return words % {"count": count} if count else ""


class AccountVariable(Component):
    """An Account Custom Variable (F59): one value for all messages."""

    FIXED = ("name",)

    name = models.CharField(
        _("name"),
        max_length=40,
        validators=[validate_name],
        help_text=_("Up to 40 Latin letters, digits and _: what messages call it. It cannot be changed later."),
    )
    label = models.CharField(
        _("label"), max_length=150, blank=True, validators=[validate_line], help_text=_("What people read instead.")
    )
    type = models.CharField(_("type"), max_length=10, choices=Type)
    # In the normal form of its type.
    value = models.TextField(
        _("value"), blank=True, help_text=_("Dates as 2026-12-31, booleans as yes or no. Empty: messages find nothing.")
    )

    class Meta:
        verbose_name = _("account variable")
        verbose_name_plural = _("account variables")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=Type.values), name="account_variable_type"),
            UniqueInAnyCase(
                Lower("name"),
                name="account_variable_name",
                violation_error_message=_("There is an account variable of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.name

    @property
    def typed_value(self) -> Value | None:
        return of_text(self.type, self.value)

    def clean(self) -> None:
        self.value = lines(self.value)
        if self.value and self.type in Type.values:
            try:
                self.value = normal_text(self.type, self.value)
            except identity.Invalid as error:
                raise ValidationError({"value": str(error)}) from None
