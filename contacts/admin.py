from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from contacts.models import ContactList, Source


@admin.register(ContactList)
class ContactListAdmin(admin.ModelAdmin[ContactList]):
    list_display = ("name", "is_default", "created_at")
    search_fields = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: ContactList | None = None) -> bool:
        """The default list stays; others may go while no contact is on them (the foreign key sees to that)."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_default)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ContactList]) -> None:
        super().delete_queryset(request, queryset.filter(is_default=False))


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ("name", "code")
    search_fields = ("name", "code")
