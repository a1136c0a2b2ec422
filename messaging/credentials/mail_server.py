"""A mail server in one line: smtp+tls://user:password@mail.example.com:587."""

from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from django.utils.translation import gettext as _

# As django-environ has them: plain, STARTTLS by two names, and TLS from the beginning.
_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
_PORT = 25


class MailServer(NamedTuple):
    """As Django's backend for SMTP takes it."""

    host: str
    port: int
    username: str
    password: str
    use_tls: bool
    use_ssl: bool


def read_mail_server(url: str) -> MailServer:
    """Raises `ValueError` with words in which nothing of the URL stands, since there is a password in it."""
    place, port = _split(url)
    if place.scheme not in _SCHEMES:
        raise ValueError(_("It begins by smtp://, smtp+tls:// or smtp+ssl://."))
    if place.fragment or place.query or place.path not in ("", "/"):
        raise ValueError(
            _("Nothing may stand behind the port. In a password, write / as %2F, ? as %3F, # as %23 and @ as %40.")
        )
    if not place.hostname or any(sign.isspace() or sign in "\\%" for sign in place.hostname):
        raise ValueError(_("The name of the server is missing."))
    return MailServer(
        place.hostname,
        port or _PORT,
        unquote(place.username or ""),
        unquote(place.password or ""),
        use_tls=place.scheme in ("smtps", "smtp+tls"),
        use_ssl=place.scheme == "smtp+ssl",
    )


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        place = urlsplit(url)
        return place, place.port
    except ValueError:  # whose words have pieces of it
        pass
    raise ValueError(
        _("The port is no number up to 65535. In a password, write / as %2F, ? as %3F, # as %23 and @ as %40.")
    )
