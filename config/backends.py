from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from activity.prepared import Given, Prepared
from config.models import User


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Allauth's, asking the database once for a user with the role and all that the user may do."""

    def get_user(self, user_id: int) -> User | None:
        user = next(iter(_users().objects(User, user=user_id)), None)
        if user is None or not self.user_can_authenticate(user):
            return None
        # Where Django keeps what it would ask for later.
        vars(user).update(_user_perm_cache=set(), _group_perm_cache=set(user.granted))  # type: ignore[attr-defined]
        return user

    def _get_user_permissions(self, user_obj: User) -> "QuerySet[Permission]":
        # Those given to the user alone come with those of the groups.
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj: User) -> "QuerySet[Permission]":
        return _granted_to(user_obj).distinct()


@cache
def _users() -> Prepared:
    names = Group.objects.filter(user=OuterRef("pk")).values("name")
    codes = _granted_to(OuterRef("pk")).order_by()
    granted = codes.values_list(Concat("content_type__app_label", Value("."), "codename"))
    users = User.objects.filter(pk=Given("user"))
    return Prepared.of(users.annotate(group_names=ArraySubquery(names), granted=ArraySubquery(granted)))


def _granted_to(user: User | OuterRef) -> "QuerySet[Permission]":
    return Permission.objects.filter(Q(user=user) | Q(group__user=user))
