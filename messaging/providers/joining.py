"""Signed words by which a person who opens a bot is known as a contact: short enough for a link.

They tell since when we say so: who has left after that is brought back by a newer link alone. Old ones bring nobody.
"""

import base64
import hmac
import re
import time

from django.conf import settings

# A link to a bot carries 64 signs of A-Z, a-z, 0-9, _ and -: 22 of them are 128 bits of the signature.
_BYTES = 16
_TOKEN = re.compile(r"([0-9]{1,18})-([0-9a-f]{1,9})-([A-Za-z0-9_-]{22})")
# Whoever finds an old link does not get somebody's messages by it.
_SECONDS = 90 * 24 * 3600


def token_of(contact_id: int, channel: str, at: int) -> str:
    """`at`: since when the contact may join by it, in seconds since 1970."""
    return f"{contact_id}-{at:x}-{_signature(contact_id, channel, at)}"


def contact_of(token: str, channel: str) -> tuple[int, int] | None:
    """Contact and time; None for what nobody has signed for this channel, and for what is too old."""
    found = signed(token, channel)
    return found if found and found[1] > time.time() - _SECONDS else None


def signed(token: str, channel: str) -> tuple[int, int] | None:
    """The same, however old: who wants to leave is heard by any."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    contact_id, at = int(match[1]), int(match[2], 16)
    return (contact_id, at) if hmac.compare_digest(match[3], _signature(contact_id, channel, at)) else None


def _signature(contact_id: int, channel: str, at: int) -> str:
    mac = hmac.digest(settings.DIGEST_KEY, f"{channel}@{at}:{contact_id}".encode(), "sha256")[:_BYTES]
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")
