from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Slot(models.Model):
    """A place for one worker at a provider: a channel has as many as calls may be under way at once."""

    channel = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    taken_until = models.DateTimeField(default=now)
    # Which time it was taken; whoever lost it finds another number here.
    turn = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("place of a worker")
        verbose_name_plural = _("places of workers")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["channel", "number"], name="slot_once")]

    def __str__(self) -> str:
        return f"{self.channel}.{self.number}"
