from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from config.roles import ADMIN, ROLE_LABELS


class User(AbstractUser):
    """A member of the staff. What one may do follows from the groups of `config.roles`."""

    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        help_text=_("IANA name, such as Europe/Kyiv. Empty: the browser's time zone."),
    )

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        granted = getattr(self, "granted", None)  # as `StaffBackend` has loaded them; a page asks forty times
        if granted is None or obj is not None:
            return super().has_perm(perm, obj)
        return self.is_active and (self.is_superuser or perm in granted)

    @cached_property
    def role_label(self) -> str:
        """The role in words, of several the first of the table; "" for a user without any."""
        found = getattr(self, "group_names", None)  # as `StaffBackend` has loaded them
        names = set(self.groups.values_list("name", flat=True) if found is None else found)
        names = {ADMIN} if self.is_superuser else names
        return next((str(label) for role, label in ROLE_LABELS.items() if role in names), "")
