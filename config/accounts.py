"""How sign-in differs from django-allauth's defaults."""

from collections.abc import Mapping

from allauth.account.adapter import DefaultAccountAdapter
from django.db.models import Q
from django.http import HttpRequest

from config.models import User


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by admins: nobody signs up."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False


def tried_account(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The name that failures are counted by: one account has one, whether it was named by email or in capitals."""
    given = credentials or {"username": request.POST.get("login", "")}
    name = given.get("username") or given.get("email") or ""
    accounts = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name))
    return accounts.order_by("pk").values_list("username", flat=True).first() or name.lower()
