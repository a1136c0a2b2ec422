"""Tells push services who we are (RFC 8292): a token signed by our key, which browsers were given when they joined."""

import json
import time
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from messaging.providers.webpush.encoding import decode, encode
from messaging.providers.webpush.encryption import public_bytes

# RFC 8292, 2: not more than a day.
_SECONDS = 12 * 3600
_RENEWED = 3600


def new_keys() -> tuple[str, str]:
    """A private and its public key, as they are written in settings and pages."""
    key = ec.generate_private_key(ec.SECP256R1())
    return encode(key.private_numbers().private_value.to_bytes(32, "big")), encode(public_bytes(key))


def public_key() -> str:
    """Ours, for browsers to join with; "" where there is none. Raises `ValueError` for a setting that is no key."""
    return encode(public_bytes(_key(settings.WEBPUSH_PRIVATE_KEY))) if settings.WEBPUSH_PRIVATE_KEY else ""


def authorization(endpoint: str) -> str:
    """The header of a push to an endpoint."""
    parts = urlsplit(endpoint)
    at = int(time.time()) // _RENEWED * _RENEWED
    audience = f"{parts.scheme}://{parts.netloc}"
    token = _token(settings.WEBPUSH_PRIVATE_KEY, audience, settings.WEBPUSH_SUBJECT, at + _SECONDS)
    return f"vapid t={token}, k={public_key()}"


@cache
def _key(private: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode(private), "big"), ec.SECP256R1())


def _token(private: str, audience: str, subject: str, until: int) -> str:
    """A JSON Web Token signed by ES256 (RFC 7518, 3.4)."""
    claims = {"aud": audience, "exp": until, "sub": subject}
    signed = ".".join(encode(json.dumps(part, separators=(",", ":")).encode()) for part in (_HEAD, claims))
    r, s = decode_dss_signature(_key(private).sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"{signed}.{encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


_HEAD = {"typ": "JWT", "alg": "ES256"}
