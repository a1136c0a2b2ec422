from collections.abc import Callable
from typing import Any, Generic, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from activity import components
from activity.audit import Actor
from activity.component_forms import AnyArchivable, AnyComponent, ArchivableForm, ComponentForm
from activity.models import AuditEntry, CustomEventType
from activity.requests import StaffRequest


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin[AuditEntry]):
    """For reading only: the audit log is append-only."""

    list_display = ("at", "actor_name", "verb", "object_type", "object_id", "details", "ip")
    list_filter = ("verb",)
    search_fields = ("actor_name", "verb")
    date_hierarchy = "at"
    ordering = ("-at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False


class ComponentAdmin(admin.ModelAdmin[AnyComponent], Generic[AnyComponent]):
    """Pages of a kind of component. They call its verbs, and say in words what those refuse."""

    form: Any = ComponentForm

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if change:
            kwargs["help_texts"] = dict.fromkeys(self.model.FIXED, _("It stays: others refer to it by this."))
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: AnyComponent | None = None) -> tuple[str, ...]:
        return self.model.FIXED if obj else ()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One by one only: each may be in use in its own way."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request: HttpRequest, obj: AnyComponent, form: forms.Form, change: bool) -> None:
        components.save(obj, actor=actor_of(request), fields=form.changed_data)

    def delete_model(self, request: HttpRequest, obj: AnyComponent) -> None:
        components.delete(obj, actor=actor_of(request))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return self._or_reason(
            request,
            lambda: super(ComponentAdmin, self).changeform_view(request, object_id, form_url, extra_context),
            request.path,
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        component = self.get_object(request, object_id)
        if component and self.has_delete_permission(request, component) and (reason := component.uses()):
            messages.error(request, reason)
            return redirect("../change/")
        return self._or_reason(
            request, lambda: super(ComponentAdmin, self).delete_view(request, object_id, extra_context), "../change/"
        )

    def _or_reason(self, request: HttpRequest, answer: Callable[[], HttpResponse], back: str) -> HttpResponse:
        """The answer; where somebody else made it impossible meanwhile, the reason on the page before.

        Where somebody took the same name between look and write, the second look says so beside what was written.
        """
        try:
            try:
                return answer()
            except (IntegrityError, ValidationError):
                return answer()
        except components.Impossible as error:
            messages.error(request, str(error))
            return redirect(back)


class ArchiveFilter(admin.SimpleListFilter):
    """Components in use, unless asked for the archived ones."""

    title = _("state")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("In use")), ("yes", _("Archived"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        return queryset.filter(archived_at__isnull=self.value() == "no") if self.value() else queryset


class ArchivableAdmin(ComponentAdmin[AnyArchivable], Generic[AnyArchivable]):
    """Pages of a kind of component that can be archived."""

    form: Any = ArchivableForm

    @admin.display(description=_("in use"), boolean=True, ordering="archived_at")
    def in_use(self, component: AnyArchivable) -> bool:
        return not component.archived

    def get_fields(self, request: HttpRequest, obj: AnyArchivable | None = None) -> list[Any]:
        fields = [name for name in super().get_fields(request, obj) if name != "archived"]
        return [*fields, "archived"] if obj else fields

    def save_model(self, request: HttpRequest, obj: AnyArchivable, form: forms.Form, change: bool) -> None:
        fields = [name for name in form.changed_data if name != "archived"]
        if fields or not change:
            self.save_component(obj, actor=actor_of(request), fields=fields)
        if "archived" in form.changed_data:
            verb = components.archive if form.cleaned_data["archived"] else components.restore
            verb(obj, actor=actor_of(request))

    def save_component(self, component: AnyArchivable, *, actor: Actor, fields: list[str]) -> None:
        components.save(component, actor=actor, fields=fields)


@admin.register(CustomEventType)
class CustomEventTypeAdmin(ArchivableAdmin[CustomEventType]):
    list_display = ("name", "is_conversion", "in_use")
    list_filter = (ArchiveFilter, "is_conversion")
    search_fields = ("name",)


def actor_of(request: HttpRequest) -> Actor:
    return Actor.of(cast("StaffRequest", request))
