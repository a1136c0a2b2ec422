"""Rules for what people write into components: whole texts, hosts, emails. Each raises `ValidationError`."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import identity
from contacts.identity.text import CONTROL, is_visible

_LINE_BREAKS = re.compile(r"[\r\n]")
# What may follow or precede a host in a link.
_BESIDE_HOST = re.compile(r"[\s/@?#\\]")
validate_link = URLValidator(
    schemes=["https", "http"], message=gettext_lazy("Write a whole link, such as https://example.com/page.")
)


def validate_line(text: str) -> None:
    """One line of text that can be seen."""
    if CONTROL.search(text):
        raise ValidationError(_("This has control characters or line breaks."), code="control")
    if not is_visible(text):
        raise ValidationError(_("This has only invisible characters."), code="invisible")


def validate_lines(text: str) -> None:
    """Text of one or more lines that can be seen."""
    validate_line(_LINE_BREAKS.sub(" ", text))


def validate_host(text: str) -> None:
    """A host as it stands in links, with a port if need be."""
    try:
        URLValidator(schemes=["https"])(f"https://{text}/")
    except ValidationError:
        text = ""
    if not text or _BESIDE_HOST.search(text):
        raise ValidationError(_("Write a host alone, such as shop.example.com."), code="host")


def validate_email(text: str) -> None:
    try:
        identity.email(text)
    except identity.Invalid as error:
        raise ValidationError(str(error), code="email") from None
