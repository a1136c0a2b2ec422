"""What tracked links say: which message, signed, and which of its links. Nobody can lead elsewhere by one."""

import hmac
from functools import cache, lru_cache

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse


def open_url(message_id: int) -> str:
    """The address of the picture that tells of an opening."""
    return f"{settings.SITE_URL}{_path('opened').format(token_of(message_id))}"


def click_urls(message_id: int, links: int) -> list[str]:
    """The addresses that lead to the links of the message, in their order."""
    path = f"{settings.SITE_URL}{_path('clicked', 1).format(token_of(message_id)).removesuffix('1/')}"
    return [f"{path}{place}/" for place in range(1, links + 1)]


@cache
def _path(name: str, *more: int) -> str:
    """With a place for the token, which needs no quoting: Django takes long to find an address."""
    return reverse(name, args=["0.0", *more]).replace("0.0", "{}")


def token_of(message_id: int) -> str:
    return _token(message_id, settings.DIGEST_KEY)


@lru_cache(maxsize=256)  # a mail has it for its picture and for its links
def _token(message_id: int, key: bytes) -> str:
    return _keyed(key).sign(str(message_id))


def read(token: str) -> int | None:
    """The message; None for what nobody has signed."""
    try:
        return int(_signer().unsign(token))
    except BadSignature:
        return None


@cache
def _keyed(key: bytes) -> Signer:
    return Signer(key=hmac.digest(key, b"tracking", "sha256").hex(), sep=".", salt="track")


def _signer() -> Signer:
    return _keyed(settings.DIGEST_KEY)
