"""Templates: contents that people write once and start messages from. Every change is a version of its own."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from activity import labels
from activity.catalogue import MESSAGE_CHANNELS, Channel
from activity.constraints import UniqueInAnyCase
from activity.models import ArchivableComponent
from contacts.component_fields import validate_line
from messaging.content.content import FORMATS, Content, ContentRefused, Format
from messaging.content.lines import has_tags
from messaging.content.render import names_in
from messaging.content.values import known_names

# The parts of a content that a template has.
PARTS = ("format", "subject", "body", "link", "button", "image")


class Template(ArchivableComponent):
    """A content to start from. Its texts are those of its latest version; who changes one, makes another version."""

    FIXED = ("channel",)

    name = models.CharField(_("name"), max_length=150, validators=[validate_line])
    channel = models.PositiveSmallIntegerField(
        _("channel"), choices=[(each.value, labels.CHANNELS[each]) for each in MESSAGE_CHANNELS]
    )
    format = models.CharField(
        _("format"), max_length=4, choices=[("html", _("HTML")), ("text", _("Plain text"))], default="text"
    )
    subject = models.CharField(
        _("subject"), max_length=1_000, blank=True, help_text=_("Of an email; of a push message, its title.")
    )
    body = models.TextField(_("text"), help_text=_('With variables such as {{ firstName | default: "friend" }}.'))
    link = models.CharField(_("link"), max_length=2_000, blank=True, help_text=_("Where a Viber button or push leads."))
    button = models.CharField(_("button"), max_length=100, blank=True, help_text=_("The words of a Viber button."))
    image = models.CharField(
        _("picture"), max_length=2_000, blank=True, help_text=_("The address of a picture; of a push, its icon.")
    )
    created_at = models.DateTimeField(_("created"), default=now, editable=False)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["channel", "name"]
        permissions = [("approve_template", _("Can approve and reject Viber templates"))]
        constraints = [
            UniqueInAnyCase(
                Lower("name"),
                "channel",
                name="template_name",
                violation_error_message=_("This channel has a template of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuses a format that the channel does not have, and Liquid that is wrong; Viber's fields have any name."""
        self.body = self.body.replace("\r\n", "\n")
        try:
            content = self.content
        except ValueError:
            raise ValidationError({"format": _("This channel has no messages of this format.")}) from None
        if content.format is Format.TEXT and Format.HTML in FORMATS[content.channel] and has_tags(content.body):
            raise ValidationError({"format": _("There are HTML tags in the text: choose HTML.")})
        try:
            names_in(content, None if self.needs_approval else known_names())
        except ContentRefused as refused:
            raise ValidationError({refused.path: refused.with_place}) from None

    @property
    def needs_approval(self) -> bool:
        return self.channel == Channel.VIBER

    @property
    def content(self) -> Content:
        """What is written in it now. Raises `ValueError` for a format that its channel does not have."""
        parts = {part: getattr(self, part) for part in PARTS}
        return Content(channel=Channel(self.channel), **{**parts, "format": Format(self.format)})


class Approval(models.TextChoices):
    """How far a version is. Those that nobody has to approve are at once what is sent."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class TemplateVersion(models.Model):
    """A template as it was at some time. Its content is never changed."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    approval = models.CharField(_("approval"), max_length=10, choices=Approval, default=Approval.DRAFT)
    # Why it was approved or rejected: of a provider in its own words.
    reason = models.TextField(_("reason"), blank=True)
    # What the provider calls what was submitted.
    reference = models.CharField(max_length=200, blank=True)
    by = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"), default=now)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("version of a template")
        verbose_name_plural = _("versions of templates")
        default_permissions = ()
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version"),
            models.CheckConstraint(condition=Q(approval__in=Approval.values), name="template_approval"),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.number}"

    @property
    def written(self) -> Content:
        return Content.from_json({**self.content, "template": self.pk})
