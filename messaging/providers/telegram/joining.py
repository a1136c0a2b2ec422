"""The link by which a person opens the bot and subscribes (core.telegram.org/bots/features#deep-linking)."""

import base64
import hmac

from django.conf import settings

# Of 64 signs that a link can carry: 22 of them are 128 bits of the signature.
_BYTES = 16


def join_url(contact_id: int) -> str:
    """For this contact alone; whoever opens it subscribes with their own chat."""
    return f"https://t.me/{settings.TELEGRAM_BOT}?start={token_of(contact_id)}"


def token_of(contact_id: int) -> str:
    return f"{contact_id}-{_signature(contact_id)}"


def contact_of(token: str) -> int | None:
    """None for what nobody has signed."""
    number, _dash, signature = token.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    contact_id = int(number)
    return contact_id if hmac.compare_digest(signature.encode(), _signature(contact_id).encode()) else None


def _signature(contact_id: int) -> str:
    mac = hmac.digest(settings.DIGEST_KEY, b"telegram:%d" % contact_id, "sha256")[:_BYTES]
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")
