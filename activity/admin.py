from django.contrib import admin
from django.http import HttpRequest

from activity.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin[AuditEntry]):
    """For reading only: the audit log is append-only."""

    list_display = ("at", "actor_name", "verb", "object_type", "object_id", "ip")
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
