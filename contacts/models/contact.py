import datetime

from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from contacts import identity
from contacts.models.components import ContactList, Source
from contacts.querysets import ContactQuerySet, SearchText
from contacts.variable_types import VariableDecoder, VariableEncoder

# Avatars without a picture take one of this many colours.
AVATAR_COLOURS = 12


class Via(models.TextChoices):
    """The doors by which a contact is added or updated."""

    IMPORT = "import", _("import")
    API = "api", _("the API")
    HAND = "hand", _("hand")
    DEMO = "demo", _("demo data")


class Contact(models.Model):
    """A person on one of the account's lists. Identifiers are kept in normal form (`contacts.identity`)."""

    contact_list = models.ForeignKey(ContactList, models.PROTECT, db_index=False, related_name="contacts")
    user_id = models.CharField(_("ID"), max_length=255, null=True, blank=True)  # noqa: DJ001 - null: has none; unique else
    email = models.CharField(_("email"), max_length=254, null=True, blank=True)  # noqa: DJ001
    phone = models.CharField(_("phone number"), max_length=16, null=True, blank=True)  # noqa: DJ001
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    gender = models.PositiveSmallIntegerField(_("gender"), choices=identity.Gender.choices, default=0)
    language = models.CharField(_("language"), max_length=2, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, db_index=False, related_name="contacts")
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    avatar_url = models.CharField(_("picture"), max_length=2000, blank=True)
    # What others have counted before us, to which the account's rules add; the score is never set but by these.
    score_base = models.IntegerField(_("base of the score"), default=0, db_default=0)
    score = models.IntegerField(_("score"), default=0)
    scored_at = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    variables = models.JSONField(default=dict, encoder=VariableEncoder, decoder=VariableDecoder)

    added_at = models.DateTimeField(_("added"), default=now, editable=False)
    added_via = models.CharField(_("added by"), max_length=10, choices=Via, editable=False)
    # By the API or an import only; a person's edit is `modified_at`.
    updated_at = models.DateTimeField(_("last update"), null=True, editable=False)
    updated_via = models.CharField(_("updated by"), max_length=10, choices=Via, blank=True, editable=False)
    modified_at = models.DateTimeField(default=now, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        permissions = [("import_contact", _("Can import contacts"))]
        constraints = [
            models.UniqueConstraint(
                fields=["contact_list", field], condition=Q(**{f"{field}__isnull": False}), name=f"contact_{field}"
            )
            for field in ("user_id", "email", "phone")
        ] + [
            models.CheckConstraint(
                condition=Q(user_id__isnull=False) | Q(email__isnull=False) | Q(phone__isnull=False),
                name="contact_has_an_identifier",
            ),
            models.CheckConstraint(condition=Q(gender__in=[0, 1, 2, 9]), name="contact_gender"),
        ]
        indexes = [
            models.Index(fields=["contact_list", "added_at", "id"], name="contact_by_added"),
            models.Index(fields=["contact_list", "last_name", "first_name", "id"], name="contact_by_name"),
            models.Index(fields=["contact_list", "language", "added_at", "id"], name="contact_by_language"),
            models.Index(fields=["contact_list", "source", "added_at", "id"], name="contact_by_source"),
            models.Index(
                fields=["contact_list", "added_at", "id"], name="contact_inactive", condition=Q(is_active=False)
            ),
            # A b-tree on updated_at would end HOT updates and make imports of changed rows several times slower.
            BrinIndex(fields=["updated_at"], name="contact_by_updated", pages_per_range=32, autosummarize=True),
            GinIndex(OpClass(SearchText(), name="gin_trgm_ops"), name="contact_search"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("contacts:profile", args=[self.pk])

    @property
    def full_name(self) -> str:
        """First and last name, or the identifier that people would use instead."""
        name = f"{self.first_name} {self.last_name}".strip()
        return name or self.email_for_people or self.user_id or self.phone_for_people

    @property
    def initials(self) -> str:
        words = [self.first_name, self.last_name] if self.first_name or self.last_name else [self.full_name]
        letters = (next(filter(str.isalnum, word), "") for word in words)
        return "".join(letters).upper()

    @property
    def colour(self) -> int:
        """0–11, the same for the same name."""
        return sum(map(ord, self.full_name)) % AVATAR_COLOURS

    @property
    def email_for_people(self) -> str:
        return identity.email_for_people(self.email) if self.email else ""

    @property
    def phone_for_people(self) -> str:
        return identity.phone_for_people(self.phone) if self.phone else ""

    @property
    def language_name(self) -> str:
        return identity.language_name(self.language) if self.language else ""

    @property
    def age(self) -> int | None:
        """Full years today, where the person is."""
        if self.birthday is None:
            return None
        today = self.local_time.date() if self.local_time else localdate()
        return today.year - self.birthday.year - ((today.month, today.day) < (self.birthday.month, self.birthday.day))

    @property
    def zone(self) -> datetime.tzinfo | None:
        return identity.zone_of(self.timezone) if self.timezone else None

    @property
    def timezone_offset(self) -> str:
        """The present offset in ISO 8601 form, such as +03:00; "" where the zone is not known."""
        return identity.timezone_offset(self.timezone, now()) if self.timezone else ""

    @property
    def local_time(self) -> datetime.datetime | None:
        return identity.local_time(self.timezone, now()) if self.timezone else None
