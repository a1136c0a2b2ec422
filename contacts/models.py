import datetime
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from activity.models import ArchivableComponent, Component
from contacts import identity
from contacts.columns import COLUMNS, DEFAULT_COLUMNS
from contacts.component_fields import validate_email, validate_host, validate_line, validate_lines, validate_link
from contacts.iso import validate_country, validate_currency
from contacts.querysets import ContactQuerySet, SearchText, VariableQuerySet
from contacts.variable_names import validate_name
from contacts.variable_types import Type, Value, VariableDecoder, VariableEncoder, normal_text, of_text

# Avatars without a picture take one of this many colours.
AVATAR_COLOURS = 12


class Via(models.TextChoices):
    """The doors by which a contact is added or updated."""

    IMPORT = "import", _("import")
    API = "api", _("the API")
    HAND = "hand", _("hand")
    DEMO = "demo", _("demo data")


class ContactList(Component):
    """A list of the account's contacts. Only those of the default list have profiles.

    What messages to its contacts say of the sender are its List Variables (F58).
    """

    name = models.CharField(_("name"), max_length=150, unique=True, validators=[validate_line])
    is_default = models.BooleanField(_("default list"), default=False, editable=False)
    created_at = models.DateTimeField(_("created"), default=now, editable=False)

    host = models.CharField(
        _("host"),
        max_length=253,
        blank=True,
        validators=[validate_host],
        help_text=_("Where links in messages lead, such as news.example.com. Empty: this site."),
    )
    company_name = models.CharField(_("company name"), max_length=150, blank=True, validators=[validate_line])
    company_email = models.CharField(_("company email"), max_length=254, blank=True, validators=[validate_email])
    company_address = models.CharField(
        _("company address"),
        max_length=500,
        blank=True,
        validators=[validate_lines],
        help_text=_("The postal address that commercial messages must name in many countries."),
    )
    company_country = models.CharField(_("company country"), max_length=2, blank=True, validators=[validate_country])
    unsubscribe_url = models.CharField(
        _("unsubscribe link"),
        max_length=2000,
        blank=True,
        validators=[validate_link],
        help_text=_("A page of your own where people unsubscribe, if there is one."),
    )
    subscribe_url = models.CharField(
        _("subscribe link"),
        max_length=2000,
        blank=True,
        validators=[validate_link],
        help_text=_("A page of your own where people subscribe, if there is one."),
    )

    class Meta:
        verbose_name = _("contact list")
        verbose_name_plural = _("contact lists")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="one_default_list"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def default(cls) -> "ContactList":
        """The Default Contact List, made by migration."""
        return ContactList.objects.get(is_default=True)

    @property
    def host_in_links(self) -> str:
        return self.host or urlsplit(settings.SITE_URL).netloc

    def clean(self) -> None:
        with suppress(identity.Invalid):  # the field's own error
            self.company_email = identity.email(self.company_email)

    def uses(self) -> str:
        if self.is_default:
            return str(_("Profiles are those of the default list: it stays."))
        count = self.contacts.count()
        words = ngettext(
            "%(count)d contact is on this list: it cannot be deleted.",
            "%(count)d contacts are on this list: it cannot be deleted.",
            count,
        )
        return words % {"count": count} if count else ""


class Source(Component):
    """How people are acquired: registered before contacts can name it."""

    code = models.CharField(
        _("ID"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9]+\Z", _("Letters and digits only."))],
        help_text=_("Up to 40 letters and digits: what imports and the API may write instead of the name."),
    )
    name = models.CharField(_("name"), max_length=150, unique=True, validators=[validate_line])
    acquisition_cost = models.DecimalField(
        _("acquisition cost"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, _("A cost is not below 0."))],
        help_text=_("What one contact of this source costs, on average. Empty: not known."),
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[validate_currency])

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acquisition_cost__isnull=True) | (Q(acquisition_cost__gte=0) & ~Q(currency="")),
                name="source_cost",
                violation_error_message=_("A cost is not below 0 and has a currency."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def ids_by_name(cls) -> dict[str, int]:
        """Primary keys of all sources by lower-cased ID and name; on a clash the ID's wins."""
        rows = list(Source.objects.values_list("pk", "code", "name"))
        return {name.casefold(): pk for pk, _code, name in rows} | {code.casefold(): pk for pk, code, _name in rows}

    def clean(self) -> None:
        if self.acquisition_cost is not None and not self.currency:
            raise ValidationError({"currency": _("Choose the currency of the cost.")})

    def uses(self) -> str:
        count = self.contacts.count()
        words = ngettext(
            "%(count)d contact came by this source: it cannot be deleted.",
            "%(count)d contacts came by this source: it cannot be deleted.",
            count,
        )
        return words % {"count": count} if count else ""


class VariableDefinition(ArchivableComponent):
    """One of the account's own contact variables; its values are in `Contact.variables` under its name."""

    FIXED = ("name",)

    name = models.CharField(
        _("name"),
        max_length=40,
        unique=True,
        validators=[validate_name],
        error_messages={"unique": _("There is a contact variable of this name already.")},
        help_text=_("Up to 40 Latin letters, digits and _: what messages, imports and the API call it. It stays."),
    )
    label = models.CharField(
        _("label"), max_length=150, blank=True, validators=[validate_line], help_text=_("What people read instead.")
    )
    type = models.CharField(
        _("type"),
        max_length=10,
        choices=Type,
        help_text=_(
            "Another type can be chosen only where the values of all contacts fit it; they are converted then."
        ),
    )
    created_at = models.DateTimeField(_("created"), default=now, editable=False)

    objects = VariableQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact variable")
        verbose_name_plural = _("contact variables")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=Type.values), name="variable_type"),
            models.UniqueConstraint(
                Lower("name"),
                name="variable_name",
                violation_error_message=_("There is a contact variable of this name already, in other capitals."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.name

    def uses(self) -> str:
        count = Contact.objects.with_value_of(self.name).count()
        words = ngettext(
            "%(count)d contact has a value of this variable: archive it instead of deleting it.",
            "%(count)d contacts have a value of this variable: archive it instead of deleting it.",
            count,
        )
        return words % {"count": count} if count else ""


class AccountVariable(Component):
    """An Account Custom Variable (F59): one value for all messages."""

    FIXED = ("name",)

    name = models.CharField(
        _("name"),
        max_length=40,
        unique=True,
        validators=[validate_name],
        error_messages={"unique": _("There is an account variable of this name already.")},
        help_text=_("Up to 40 Latin letters, digits and _: what messages call it. It cannot be changed later."),
    )
    label = models.CharField(
        _("label"), max_length=150, blank=True, validators=[validate_line], help_text=_("What people read instead.")
    )
    type = models.CharField(_("type"), max_length=10, choices=Type)
    # In the normal form of its type.
    value = models.TextField(
        _("value"), blank=True, help_text=_("Dates as 2026-12-31, booleans as yes or no. Empty: messages find nothing.")
    )

    class Meta:
        verbose_name = _("account variable")
        verbose_name_plural = _("account variables")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=Type.values), name="account_variable_type"),
            models.UniqueConstraint(
                Lower("name"),
                name="account_variable_name",
                violation_error_message=_("There is an account variable of this name already, in other capitals."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.name

    @property
    def typed_value(self) -> Value | None:
        return of_text(self.type, self.value)

    def clean(self) -> None:
        if self.value and self.type in Type.values:
            try:
                self.value = normal_text(self.type, self.value)
            except identity.Invalid as error:
                raise ValidationError({"value": str(error)}) from None


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
    score = models.IntegerField(_("score"), default=0)
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
    def timezone_offset(self) -> str:
        """The present offset in ISO 8601 form, such as +03:00; "" where the zone is not known."""
        return identity.timezone_offset(self.timezone, now()) if self.timezone else ""

    @property
    def local_time(self) -> datetime.datetime | None:
        return identity.local_time(self.timezone, now()) if self.timezone else None


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
