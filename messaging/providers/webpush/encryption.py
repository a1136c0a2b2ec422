"""Encrypts a push for one browser, so that the push service cannot read it: RFC 8291, in the coding of RFC 8188."""

import hmac
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE = 4_096
# What every push service takes (RFC 8030, 7.2), and what of it is left to the text (RFC 8291, 4).
MOST_BODY = 4_096
_HEADER = 16 + 4 + 1 + 65
_TAG, _DELIMITER = 16, b"\x02"
MOST_TEXT = MOST_BODY - _HEADER - _TAG - len(_DELIMITER)


def encrypt(
    text: bytes,
    *,
    p256dh: bytes,
    auth: bytes,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of the request, one record of `aes128gcm`. `key` and `salt` are fresh ones, but in tests.

    Raises `ValueError` for a text of more than `MOST_TEXT` bytes, and for a public key that is no point of P-256.
    """
    if len(text) > MOST_TEXT:
        raise ValueError(len(text))
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    key, salt = key or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(16)
    ours = public_bytes(key)
    secret = _derived(auth, key.exchange(ec.ECDH(), theirs), b"WebPush: info\0" + p256dh + ours, 32)
    content_key = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return header + AESGCM(content_key).encrypt(nonce, text + _DELIMITER, None)


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The uncompressed point, 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF with SHA-256 (RFC 5869) for up to 32 bytes: one step of each half."""
    return hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\x01", "sha256")[:length]
