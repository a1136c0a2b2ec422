from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact


class WrittenContent(models.Model):
    """What somebody wrote, Liquid and all, once for all messages that have it. It goes with the last of them."""

    digest = models.BinaryField(max_length=32, unique=True)
    body = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("written content")
        verbose_name_plural = _("written contents")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class RenderedContent(models.Model):
    """What a contact was sent, once for every attempt and resend of it."""

    contact = models.ForeignKey(Contact, models.CASCADE, db_index=False, related_name="+")
    digest = models.BinaryField(max_length=32)
    body = models.JSONField(encoder=DjangoJSONEncoder)
    # Where its links lead, in their order: a tracked link names its place.
    links = models.JSONField(default=list)

    class Meta:
        verbose_name = _("content as sent")
        verbose_name_plural = _("contents as sent")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["contact", "digest"], name="rendered_once")]

    def __str__(self) -> str:
        return str(self.pk)
