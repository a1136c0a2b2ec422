from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Pace(models.Model):
    """How fast a provider may be called at the moment: what is left of its rate, and until when it rests."""

    provider = models.CharField(max_length=20, unique=True)
    # May be called so many times more, as of `at`.
    left = models.FloatField(default=0)
    at = models.DateTimeField(default=now)
    rests_until = models.DateTimeField(null=True)
    # Times in a row that it could not be reached.
    failures = models.PositiveSmallIntegerField(default=0)
    words = models.TextField(blank=True)

    class Meta:
        verbose_name = _("pace of a provider")
        verbose_name_plural = _("paces of providers")
        default_permissions = ()

    def __str__(self) -> str:
        return self.provider
