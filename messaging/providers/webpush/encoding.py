"""Base64url without padding (RFC 4648, 5), as everything of web push is written."""

import base64
import re

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text: str) -> bytes:
    """Padding is taken too. Raises `ValueError` for anything else."""
    text = text.rstrip("=")
    if not _ALPHABET.fullmatch(text):
        raise ValueError(text)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
