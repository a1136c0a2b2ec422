"""What the account registers before contacts can refer to it."""

from collections.abc import Collection
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from activity.constraints import UniqueInAnyCase
from activity.models import Component
from contacts import identity
from contacts.component_fields import validate_email, validate_host, validate_line, validate_lines, validate_link
from contacts.identity.text import lines
from contacts.iso import validate_country, validate_currency


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
        self.company_address = lines(self.company_address)
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
        validators=[RegexValidator(r"^[A-Za-z0-9]+\Z", _("Letters and digits only."))],
        help_text=_("Up to 40 letters and digits: what imports and the API may write instead of the name."),
    )
    name = models.CharField(_("name"), max_length=150, validators=[validate_line])
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
            ),
            UniqueInAnyCase(
                Lower("code"), name="source_code", violation_error_message=_("There is a source with this ID already.")
            ),
            UniqueInAnyCase(
                Lower("name"), name="source_name", violation_error_message=_("There is a source of this name already.")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def ids_by_name(cls) -> dict[str, int]:
        """Primary keys of all sources by lower-cased ID and name; on a clash the ID's wins."""
        rows = list(Source.objects.values_list("pk", "code", "name"))
        return {name.lower(): pk for pk, _code, name in rows} | {code.lower(): pk for pk, code, _name in rows}

    @staticmethod
    def held(ids: Collection[int]) -> set[int]:
        """Those of these primary keys that are there; nobody can delete them before this transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM contacts_source WHERE id = ANY(%s) FOR KEY SHARE", [list(ids)])
            return {pk for (pk,) in cursor.fetchall()}

    def clean(self) -> None:
        others = Source.objects.exclude(pk=self.pk)
        if others.filter(name__iexact=self.code).exists():
            raise ValidationError(
                {"code": _("Another source has this as its name. Imports could not tell them apart.")}
            )
        if others.filter(code__iexact=self.name).exists():
            raise ValidationError({"name": _("Another source has this as its ID. Imports could not tell them apart.")})
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
