from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class ProviderAccount(models.Model):
    """What the installation signs in with at a provider, encrypted (`messaging.credentials`)."""

    provider = models.CharField(_("provider"), max_length=20, unique=True)
    sealed = models.BinaryField(default=bytes)
    # By name of each credential its last characters, by which people recognise it.
    endings = models.JSONField(default=dict)
    updated_at = models.DateTimeField(_("changed"), default=now, editable=False)
    by = models.CharField(_("by"), max_length=150, editable=False)

    class Meta:
        verbose_name = _("account at a provider")
        verbose_name_plural = _("accounts at providers")
        ordering = ["provider"]

    def __str__(self) -> str:
        return self.provider
