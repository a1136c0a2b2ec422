"""Seals credentials (Fernet: AES-128-CBC with HMAC-SHA-256, github.com/fernet/spec). Several keys can open them."""

import base64
import hmac
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """None of the present keys has sealed this."""


def seal(values: Mapping[str, str]) -> bytes:
    """By the first key."""
    return _keys().encrypt(json.dumps(dict(values)).encode())


def unseal(sealed: bytes) -> dict[str, str]:
    """Raises `Unreadable`."""
    if not sealed:
        return {}
    try:
        found: dict[str, str] = json.loads(_keys().decrypt(sealed))
    except InvalidToken as error:
        raise Unreadable from error
    return found


def _keys() -> MultiFernet:
    made = (hmac.digest(key.encode(), b"rapport.credentials", "sha256") for key in settings.CREDENTIAL_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in made])
