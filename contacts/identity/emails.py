"""Email addresses (RFC 5321, RFC 6531) with domains by IDNA 2008 and UTS 46."""

import re
import unicodedata
from urllib.parse import unquote

import idna
from django.utils.translation import gettext_lazy as _

from contacts.identity.errors import Invalid
from contacts.identity.text import BLANK, WIDTH, trimmed

# RFC 5321, 4.5.3.1, in octets; an address in a path of 256 has 254.
MAX_ADDRESS = 254
MAX_LOCAL = 64

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TLD = r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_TLD}")
_ADDRESS = re.compile(rf"(?=[^@]{{1,{MAX_LOCAL}}}@){_ATEXT}+(?:\.{_ATEXT}+)*@{_DOMAIN.pattern}")
# ASCII that a local part may not have without quotes.
_SPECIAL = re.compile(r'[\s()<>\[\]:;@\\,"]|^\.|\.$|\.\.')
_NAMED = re.compile(r"([^<>]*)<([^<>]*)>")


def email(text: str) -> str:
    """The address in lower case, its domain in A-labels: `Олена@ПРИКЛАД.укр` gives `олена@xn--80aikifvh.xn--j1amh`.

    Also reads `Name <address>` and `mailto:address`. Raises `Invalid`: "email", "email_domain", "email_many",
    "email_long".
    """
    # Nearly every address of an import is plain: this one test is all that it costs.
    stripped = text.strip()
    if _ADDRESS.fullmatch(stripped) and len(stripped) <= MAX_ADDRESS:
        address = stripped.lower()
        if "xn--" not in address:
            return address
    return _uncommon(text)


def email_for_people(normal: str) -> str:
    """A normal address with its domain as people write it: `olga@приклад.укр`."""
    local, _at, domain = normal.rpartition("@")
    if "xn--" not in domain:
        return normal
    try:
        return f"{local}@{idna.decode(domain)}"
    except UnicodeError:
        return normal


def _uncommon(text: str) -> str:
    written = trimmed(text, "email", 1000)
    address = _bare(written).translate(WIDTH)
    if address.count("@") > 1:
        raise Invalid("email_many", _("“%(value)s” is more than one email address"), written)
    local, _at, domain = address.rpartition("@")
    local = unicodedata.normalize("NFC", unicodedata.normalize("NFC", local).lower())
    if not (local and domain and local.isprintable()) or _SPECIAL.search(local):
        raise Invalid("email", _("“%(value)s” is not an email address"), written)
    normal = f"{local}@{_a_labels(domain, written)}"
    if len(local.encode()) > MAX_LOCAL or len(normal.encode()) > MAX_ADDRESS:
        raise Invalid("email_long", _("“%(value)s” is longer than an email address can be"), written)
    return normal


def _bare(text: str) -> str:
    """The address of `Name <address>` or `mailto:address?subject=…`, without a full stop after it."""
    named = _NAMED.fullmatch(text)
    if named and ("@" not in named[1] or named[1].strip(BLANK + "\"'").casefold() == named[2].casefold()):
        text = named[2]
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:].partition("?")[0])
    return text.strip(BLANK).removesuffix(".")


def _a_labels(domain: str, written: str) -> str:
    try:
        ascii_domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    if not _DOMAIN.fullmatch(ascii_domain):
        raise Invalid(
            "email_domain", _("“%(value)s” is not an email address: its part after @ is not a domain name"), written
        )
    return ascii_domain
