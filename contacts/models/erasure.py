"""What is left of people who were erased: that it was done, and how to recognise their addresses."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """One act of erasing one or more contacts: its receipt, and what is still to be done in files."""

    by = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("when"), default=now)
    # Primary keys and, since a restored database may give a key once more, when each was added.
    contacts = models.JSONField(default=list)
    # Of their userIds, emails and phone numbers: an import that was under way does not bring them back.
    digests = ArrayField(models.BinaryField(max_length=32), default=list)
    # What outlives them and has to come back with a restored backup, by name: digests of addresses.
    legacies = models.JSONField(default=dict)
    # How many rows went, by table; how many rows and files, by the kind of transfer.
    rows = models.JSONField(_("rows"), default=dict)
    files = models.JSONField(_("files"), default=dict)
    # What files are searched for; forgotten as soon as that is done.
    sought = models.JSONField(null=True)
    in_ledger = models.BooleanField(default=False)
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(sought__isnull=True), name="erasure_forgets_when_done"
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="erasure_to_do", condition=Q(done_at__isnull=True)),
            models.Index(fields=["at"], name="erasure_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
