from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from config.models import User


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Allauth's, asking the database once for a user with the role, and once for all that the user may do."""

    def get_user(self, user_id: int) -> User | None:
        names = Group.objects.filter(user=OuterRef("pk")).values("name")
        user = User.objects.annotate(group_names=ArraySubquery(names)).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def _get_user_permissions(self, user_obj: User) -> "QuerySet[Permission]":
        # Those given to the user alone come with those of the groups.
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj: User) -> "QuerySet[Permission]":
        return Permission.objects.filter(Q(user=user_obj) | Q(group__user=user_obj)).distinct()
