from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from messaging.models.message import Message


class Outcome(models.TextChoices):
    """How a call of a provider ended."""

    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused for good")
    DEFERRED = "deferred", _("Refused for now")
    NOT_SENT = "not_sent", _("Could not be reached")
    UNKNOWN = "unknown", _("No answer")
    LOST = "lost", _("The worker was lost")
    # It was asked what it knows.
    FOUND = "found", _("Found at the provider")
    ABSENT = "absent", _("Not found at the provider")
    # The provider was not called.
    UNRENDERED = "unrendered", _("The content could not be made")


class Attempt(models.Model):
    """One call of a provider for a message, with its words and how long it took."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    provider = models.CharField(_("provider"), max_length=20)
    began_at = models.DateTimeField(_("when"))
    milliseconds = models.PositiveIntegerField(null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    words = models.TextField(_("words"), blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)
