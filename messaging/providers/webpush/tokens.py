"""What we sign for browsers: whose pushes one may join, and which message one tells of.

By a key of `DIGEST_KEY`, as all that is read long after other keys have changed.
"""

import datetime
import hmac
from functools import cache
from typing import NamedTuple, Self

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.timezone import now

# Whoever finds an old link does not get somebody's messages by it.
_DAYS = 90


class Joining(NamedTuple):
    """That a browser may join the pushes of a contact, and since when we say so."""

    contact_id: int
    at: datetime.datetime

    @property
    def token(self) -> str:
        return _signer("join").sign(f"{self.contact_id}-{int(self.at.timestamp())}")

    @classmethod
    def read(cls, token: str) -> Self | None:
        """None for what nobody has signed, and for what is too old."""
        text = _unsigned("join", token)
        if text is None:
            return None
        contact_id, _dash, seconds = text.partition("-")
        found = cls(int(contact_id), datetime.datetime.fromtimestamp(int(seconds), datetime.UTC))
        return found if found.at > now() - datetime.timedelta(days=_DAYS) else None


class Report(NamedTuple):
    """That whoever has this tells of a message in a browser."""

    message_id: int
    browser_id: int

    @property
    def token(self) -> str:
        return _signer("report").sign(f"{self.message_id}-{self.browser_id}")

    @classmethod
    def read(cls, token: str) -> Self | None:
        """None for what nobody has signed."""
        text = _unsigned("report", token)
        return cls(*map(int, text.split("-"))) if text else None


def _unsigned(salt: str, token: str) -> str | None:
    """Compares in constant time."""
    try:
        return _signer(salt).unsign(token)
    except (BadSignature, UnicodeError):  # JSON may have halves of signs, which have no bytes
        return None


def _signer(salt: str) -> Signer:
    return _keyed(settings.DIGEST_KEY, salt)


@cache
def _keyed(key: bytes, salt: str) -> Signer:
    return Signer(key=hmac.digest(key, b"webpush", "sha256").hex(), sep=".", salt=salt)
