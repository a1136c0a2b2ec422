"""Message templates in the Django admin: their texts, their versions, and the approval of Viber's."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from activity.admin import ArchivableAdmin, ArchiveFilter, actor_of
from activity.audit import Actor
from messaging import templating
from messaging.models import Approval, Template, TemplateVersion

_MOST_REASON = 1_000
# Behind each step: who may take it.
_STEPS = {
    "restore": "messaging.change_template",
    "submit": "messaging.change_template",
    "approve": "messaging.approve_template",
    "reject": "messaging.approve_template",
}
# What has to be said with it.
_WITH_REASON = {
    "approve": gettext_lazy("Say why it is approved, such as what Viber has answered."),
    "reject": gettext_lazy("Say why it is rejected: whoever wrote it has to mend it."),
}


@admin.register(Template)
class TemplateAdmin(ArchivableAdmin[Template]):
    fields = ("name", "channel", "format", "subject", "body", "link", "button", "image")
    list_display = ("name", "channel", "version", "approval", "in_use")
    list_filter = (ArchiveFilter, "channel")
    search_fields = ("name", "subject", "body")
    change_form_template = "admin/messaging/template/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Template]:
        """With the number and the approval of the latest version, without the texts of all of them."""
        latest = TemplateVersion.objects.filter(template=OuterRef("pk")).order_by("-number")
        found = super().get_queryset(request)
        return found.annotate(latest=latest.values("number")[:1], latest_approval=latest.values("approval")[:1])

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "body":
            # What is written is kept as it is.
            kwargs |= {"strip": False, "widget": forms.Textarea(attrs={"rows": 16, "cols": 90, "dir": "auto"})}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_component(self, component: Template, *, actor: Actor, fields: list[str]) -> None:
        templating.save_template(component, actor=actor, fields=fields)

    @admin.display(description=gettext_lazy("version"))
    def version(self, template: Template) -> str:
        return str(getattr(template, "latest", None) or "")

    @admin.display(description=gettext_lazy("approval"))
    def approval(self, template: Template) -> str:
        if not template.needs_approval:
            return _("not needed")
        approval = getattr(template, "latest_approval", None)
        return str(Approval(approval).label) if approval else ""

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        template: Template | None = kwargs.get("obj")
        if template and template.pk:
            versions = list(template.versions.all())
            context["versions"] = [(each, self._steps(request, each, latest=versions[0])) for each in versions]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.step_view))
        own = path("<int:pk>/versions/<int:number>/<slug:step>/", view, name="messaging_template_step")
        return [own, *super().get_urls()]

    def step_view(self, request: HttpRequest, pk: int, number: int, step: str) -> HttpResponse:
        """Submits, approves, rejects a version, or takes it into use again."""
        version = get_object_or_404(TemplateVersion.objects.select_related("template"), template=pk, number=number)
        is_one = step == "restore" or (step in _STEPS and version.template.needs_approval)
        if not (is_one and request.user.has_perm(_STEPS[step])):
            raise PermissionDenied
        reason = request.POST.get("reason", "").strip()[:_MOST_REASON]
        if step in _WITH_REASON and not reason:
            messages.error(request, _WITH_REASON[step])
        else:
            self._tell(request, version, step, reason)
        return redirect(reverse("admin:messaging_template_change", args=[pk]))

    def _tell(self, request: HttpRequest, version: TemplateVersion, step: str, reason: str) -> None:
        facts = {"number": version.number}
        try:
            taken = self._take(version, step, reason=reason, actor=actor_of(request))
        except ValidationError as error:  # such as for a variable that has been archived since
            messages.error(request, " ".join(error.messages))
        else:
            done, not_done = _("Version %(number)d: done."), _("Version %(number)d is not where this could be done.")
            (messages.success if taken else messages.info)(request, (done if taken else not_done) % facts)

    def _take(self, version: TemplateVersion, step: str, *, reason: str, actor: Actor) -> bool:
        match step:
            case "restore":
                templating.restore_version(version, actor=actor)
                return True
            case "submit":
                return templating.submit(version, actor=actor)
            case "approve":
                return templating.approve(version, actor=actor, reason=reason)
        return templating.reject(version, actor=actor, reason=reason)

    def _steps(
        self, request: HttpRequest, version: TemplateVersion, *, latest: TemplateVersion
    ) -> list[tuple[str, str]]:
        """What whoever looks can do with a version: the step and its label."""
        steps = [] if version == latest else [("restore", _("Use these texts again"))]
        if version.template.needs_approval:
            if version.approval in (Approval.DRAFT, Approval.REJECTED):
                steps.append(("submit", _("Note as submitted")))
            if version.approval != Approval.APPROVED:
                steps.append(("approve", _("Approve")))
            if version.approval != Approval.REJECTED:
                steps.append(("reject", _("Reject")))
        return [(step, label) for step, label in steps if request.user.has_perm(_STEPS[step])]
