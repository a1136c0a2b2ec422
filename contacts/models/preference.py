from django.conf import settings
from django.db import models

from contacts.columns import COLUMNS, DEFAULT_COLUMNS


class ListPreference(models.Model):
    """Which columns of the contact list a user wants to see."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    columns = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.user_id}"

    @classmethod
    def columns_of(cls, user_id: int) -> list[str]:
        """The keys of the user's columns, in the list's order."""
        chosen = cls._default_manager.filter(user_id=user_id).values_list("columns", flat=True).first()
        return [key for key in COLUMNS if key in (chosen or DEFAULT_COLUMNS)]
