from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity import audit
from activity.admin import actor_of
from activity.counting import capped
from contacts.digests import digest
from contacts.identity import Invalid
from subscriptions import blacklists
from subscriptions.admin_forms import EntryForm, ImportForm
from subscriptions.blacklist_files import Unreadable, exported, import_file, normal
from subscriptions.blacklists import Listing
from subscriptions.facts import REASONS, Blacklist, Door, Reason
from subscriptions.models import BlacklistEntry
from subscriptions.querysets import BlacklistQuerySet

PAGE_SIZE = 100
_MOST_COUNTED = 10_000
_MOST_REASON = 200
# Of a search in the address of the page: digests, never what was typed.
SEARCHED = "address"


class CappedPaginator(Paginator[BlacklistEntry]):
    """Pages of the newest ten thousand: lists of millions are searched and filtered, not leafed through."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        found = capped(rows, _MOST_COUNTED)
        return _MOST_COUNTED if found is None else min(found, _MOST_COUNTED)


class AddressFilter(admin.SimpleListFilter):
    """The entries of the address that was searched for; not offered by itself."""

    title = gettext_lazy("address")
    parameter_name = SEARCHED

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(request.GET[SEARCHED], _("The one searched for"))] if SEARCHED in request.GET else []

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if not (value := self.value()):
            return queryset
        try:
            return queryset.filter(digest__in=[bytes.fromhex(key) for key in value.split(".")])
        except ValueError:
            return queryset.none()


@admin.register(BlacklistEntry)
class BlacklistEntryAdmin(admin.ModelAdmin[BlacklistEntry]):
    """Entries are added and removed, never changed."""

    form = EntryForm
    list_display = ("shown_address", "kind", "reason", "note", "by", "door", "at")
    list_filter = (AddressFilter, "kind", "reason", "door", "at")
    list_per_page = PAGE_SIZE
    ordering = ("-at", "-id")
    sortable_by = ()
    paginator = CappedPaginator
    show_full_result_count = False

    @admin.display(description=gettext_lazy("address"))
    def shown_address(self, entry: BlacklistEntry) -> str:
        return entry.address or _("erased with its contact")

    def get_fields(self, request: HttpRequest, obj: BlacklistEntry | None = None) -> tuple[str, ...]:
        if obj:
            return ("kind", "shown_address", "reason", "note", "by", "door", "at")
        return ("kind", "address", "reason", "note")

    def get_readonly_fields(self, request: HttpRequest, obj: BlacklistEntry | None = None) -> tuple[str, ...]:
        return tuple(self.get_fields(request, obj)) if obj else ()

    def save_model(self, request: HttpRequest, obj: BlacklistEntry, form: Any, change: bool) -> None:
        kind, address = Blacklist(obj.kind), obj.address or ""
        listing = Listing(address, Reason(obj.reason), obj.note)
        blacklists.add_many(kind=kind, listings=[listing], actor=actor_of(request), door=Door.ADMIN)
        obj.pk = BlacklistEntry.objects.of(kind, address).get().pk

    def delete_model(self, request: HttpRequest, obj: BlacklistEntry) -> None:
        reason = request.POST.get("reason", "")[:_MOST_REASON]
        blacklists.remove(entry=obj, actor=actor_of(request), door=Door.ADMIN, reason=reason)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[BlacklistEntry]") -> None:
        for entry in queryset.order_by("pk"):
            self.delete_model(request, entry)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Black lists"), **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        views = {"search": self.search_view, "import": self.import_view, "export": self.export_view}
        own = [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"subscriptions_blacklistentry_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """Finds an address written in any usual form. By POST: addresses of pages hold no personal value."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = request.POST.get("q", "").strip()
        changelist = reverse("admin:subscriptions_blacklistentry_changelist")
        keys = _keys(text)
        if not keys:
            if text:
                messages.warning(request, _("This is neither a whole email nor a whole phone number."))
            return redirect(changelist)
        if not BlacklistEntry.objects.filter(digest__in=keys).exists():
            messages.info(request, _("This address is on no black list."))
        return redirect(f"{changelist}?{SEARCHED}={'.'.join(key.hex() for key in keys)}")

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Lists the addresses of a CSV file, and tells what came of every line that could not be read."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        report = None
        if form.is_valid():
            content = form.cleaned_data["file"].read()
            try:
                report = import_file(content, kind=form.cleaned_data["kind"], actor=actor_of(request))
            except Unreadable as error:
                form.add_error("file", str(error))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import into a black list"),
            "opts": self.opts,
            "form": form,
            "report": report,
            "reasons": [
                (kind.label, ", ".join(reason.value for reason in reasons)) for kind, reasons in REASONS.items()
            ],
        }
        return TemplateResponse(request, "admin/subscriptions/blacklistentry/import.html", context)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The entries that the filters leave, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:subscriptions_blacklistentry_changelist")
        audit.record(actor=actor_of(request), verb="blacklist.export")
        response = StreamingHttpResponse(exported(_columns(entries)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="black-list-{now():%Y-%m-%d}.csv"'
        return response


def _keys(text: str) -> list[bytes]:
    """The digests of what a text may stand for."""
    found = []
    for kind in (Blacklist.EMAIL, Blacklist.PHONE):
        try:
            found.append(digest(normal(kind, text)))
        except Invalid:
            continue
    return found


def _columns(entries: "QuerySet[BlacklistEntry]") -> Iterator[tuple[object, ...]]:
    rows: BlacklistQuerySet = entries.order_by("-at", "-id")  # type: ignore[assignment]
    for entry in rows.iterator(2_000):
        yield (
            entry.address,
            entry.reason,
            entry.note,
            Blacklist(entry.kind).name.lower(),
            entry.by,
            entry.door,
            entry.at.isoformat(timespec="seconds"),
        )
