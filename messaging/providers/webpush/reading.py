"""What a browser gives of itself: `PushSubscription.toJSON()` of the Push API (w3.org/TR/push-api)."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from messaging.providers.webpush.addresses import is_endpoint
from messaging.providers.webpush.encoding import decode

# Of a point that is not compressed, as browsers give it, and of a secret.
_LENGTHS = (65, 16)


def reading(given: Mapping[str, Any]) -> tuple[str, bytes, bytes]:
    """Endpoint, public key (65 bytes) and secret (16 bytes). Raises `ValueError` for what no browser gives."""
    found = given.get("subscription")
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(keys, dict):
        raise ValueError(given)
    endpoint = str(found.get("endpoint", ""))
    p256dh, auth = decode(str(keys.get("p256dh", ""))), decode(str(keys.get("auth", "")))
    if not is_endpoint(endpoint) or (len(p256dh), len(auth)) != _LENGTHS:
        raise ValueError(endpoint)
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    return endpoint, p256dh, auth
