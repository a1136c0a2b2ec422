from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.models import User

admin.site.site_header = admin.site.site_title = "Rapport"
admin.site.index_title = _("Administration")
# The site's own sign-in has the lockout and the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    list_display = ("username", "email", "first_name", "last_name", "roles", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "time_zone")}),
        (_("Role"), {"fields": ("is_active", "is_staff", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "email", "usable_password", "password1", "password2")}),
        (_("Role"), {"fields": ("is_staff", "groups")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's account is for superusers alone: who sets a password can sign in with it."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_superuser or bool(getattr(request.user, "is_superuser", False)))

    @admin.display(description=_("role"))
    def roles(self, user: User) -> str:
        return user.role_label
