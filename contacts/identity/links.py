"""Links to pictures."""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

import idna
from django.utils.translation import gettext_lazy as _

from contacts.identity.errors import Invalid
from contacts.identity.text import trimmed

MAX_URL = 2000
# What a link cannot have unescaped (RFC 3986), or what browsers read otherwise than servers do.
_UNSAFE = re.compile(r'[\s\\<>"]')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*|[0-9a-f:.]+")


def avatar_url(text: str) -> str:
    """An https link with its host in lower case and A-labels; the rest as written. A link without scheme becomes https.

    Raises `Invalid`: "avatar", "avatar_https", "avatar_credentials", "avatar_long".
    """
    written = trimmed(text, "avatar", MAX_URL)
    if _UNSAFE.search(written) or not written.isprintable():
        raise Invalid("avatar", _("“%(value)s” is not a link: it has characters that links cannot have"), written)
    if not _SCHEME.match(written) and "/" in written.lstrip("/"):
        written = f"https://{written.lstrip('/')}"
    link, host = _parts(written)
    if link.scheme != "https":
        raise Invalid("avatar_https", _("“%(value)s” does not begin with https://"), written)
    if "@" in link.netloc:
        raise Invalid("avatar_credentials", _("The link has a user name or password before its host"))
    return trimmed(urlunsplit(link._replace(netloc=host)), "avatar", MAX_URL)


def _parts(written: str) -> tuple[SplitResult, str]:
    """The link in parts, and its host and port in normal form."""
    try:
        link = urlsplit(written)
        host, port = link.hostname or "", link.port
        host = host if host.isascii() else idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    except ValueError:
        host, link, port = "", SplitResult("https", "", "", "", ""), None
    if link.scheme == "https" and not _HOST.fullmatch(host):
        raise Invalid("avatar", _("“%(value)s” is not a link to a host"), written)
    return link, (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
