"""What tracked links say: which message, and which of its links. Nobody can make one, or lead elsewhere by one."""

import hmac
from functools import cache

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse


def open_url(message_id: int) -> str:
    """The address of the picture that tells of an opening."""
    return f"{settings.SITE_URL}{reverse('opened', args=[_signer().sign(str(message_id))])}"


def click_url(message_id: int, place: int) -> str:
    """The address that leads to the link at this place of the message."""
    return f"{settings.SITE_URL}{reverse('clicked', args=[_signer().sign(f'{message_id}-{place}')])}"


def read(token: str) -> tuple[int, int] | None:
    """Message and place (0 for the picture); None for what nobody has signed."""
    try:
        message_id, _dash, place = _signer().unsign(token).partition("-")
    except BadSignature:
        return None
    return int(message_id), int(place or 0)


@cache
def _keyed(key: bytes) -> Signer:
    return Signer(key=hmac.digest(key, b"tracking", "sha256").hex(), sep=".", salt="track")


def _signer() -> Signer:
    return _keyed(settings.DIGEST_KEY)
