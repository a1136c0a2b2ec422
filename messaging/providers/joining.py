"""Signed words by which a person who opens a bot is known as a contact: short enough for a link."""

import base64
import hmac

from django.conf import settings

# A link to a bot carries 64 signs: 22 of them are 128 bits of the signature.
_BYTES = 16


def token_of(contact_id: int, channel: str) -> str:
    return f"{contact_id}-{_signature(contact_id, channel)}"


def contact_of(token: str, channel: str) -> int | None:
    """None for what nobody has signed for this channel."""
    number, _dash, signature = token.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    contact_id = int(number)
    return contact_id if hmac.compare_digest(signature.encode(), _signature(contact_id, channel).encode()) else None


def timed_token(contact_id: int, channel: str, at: int) -> str:
    """The same with the time at which the person opened the bot (seconds since 1970), signed too."""
    return f"{contact_id}.{at}-{_signature(contact_id, f'{channel}@{at}')}"


def opening_of(token: str, channel: str) -> tuple[int, int | None] | None:
    """Contact and time; no time where the token has none. None for what nobody has signed for this channel."""
    number, dot, rest = token.partition(".")
    at, dash, signature = rest.partition("-")
    if not dot:
        found = contact_of(token, channel)
        return None if found is None else (found, None)
    if not (at.isascii() and at.isdecimal() and len(at) < 12):
        return None
    contact_id = contact_of(f"{number}{dash}{signature}", f"{channel}@{at}")
    return None if contact_id is None else (contact_id, int(at))


def _signature(contact_id: int, channel: str) -> str:
    mac = hmac.digest(settings.DIGEST_KEY, f"{channel}:{contact_id}".encode(), "sha256")[:_BYTES]
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")
