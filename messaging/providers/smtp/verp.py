"""Return paths that name their message, signed: where other servers send back what they cannot deliver after all.

Lower-case letters and digits alone, since servers on the way may change capitals; 64 signs at most before the @
(RFC 5321, 4.5.3.1.1).
"""

import hmac
import re

from django.conf import settings

# Of the signature so many hexadecimal digits, which are 80 bits.
_DIGITS = 20


def return_path(message_id: int) -> str:
    """The address for the bounces of this message; "" where the settings name none, and for a test."""
    local, _at, domain = settings.BOUNCE_ADDRESS.partition("@")
    if not (domain and message_id):
        return ""
    return f"{local}+{message_id}-{_signature(message_id)}@{domain}"


def messages_of(texts: list[str]) -> list[int]:
    """The messages whose return paths stand in these texts, such as headers that say whom a mail came for."""
    local, _at, domain = settings.BOUNCE_ADDRESS.lower().partition("@")
    if not domain:
        return []
    paths = re.compile(
        rf"(?<![\w.+-]){re.escape(local)}\+(\d{{1,18}})-([0-9a-f]{{{_DIGITS}}})@{re.escape(domain)}(?![\w.-])"
    )
    found = [(int(number), signed) for text in texts for number, signed in paths.findall(text.lower())]
    return list(dict.fromkeys(number for number, signed in found if _is_ours(number, signed)))


def _is_ours(message_id: int, signed: str) -> bool:
    return hmac.compare_digest(signed.encode(), _signature(message_id).encode())


def _signature(message_id: int) -> str:
    return hmac.digest(settings.DIGEST_KEY, f"bounce:{message_id}".encode(), "sha256").hex()[:_DIGITS]
