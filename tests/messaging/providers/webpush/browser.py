"""A browser that joins pushes: it has keys of its own and reads what was encrypted for them (RFC 8291), by code of its
own, with cryptography's HKDF."""

import base64
import json
import struct
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


class TestBrowser:
    __test__ = False

    def __init__(
        self, endpoint: str = "https://push.example.com/a", *, key: str = "", auth: bytes = b"0123456789abcdef"
    ):
        self.endpoint = endpoint
        self.auth = auth
        self.key = (
            ec.derive_private_key(int.from_bytes(raw(key), "big"), CURVE) if key else ec.generate_private_key(CURVE)
        )

    @property
    def p256dh(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def to_json(self) -> dict[str, Any]:
        """As the Push API gives it."""
        keys = {"p256dh": b64(self.p256dh), "auth": b64(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def read(self, body: bytes) -> bytes:
        salt, size, length = body[:16], *struct.unpack("!LB", body[16:21])
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        secret = HKDF(SHA256(), 32, self.auth, b"WebPush: info\0" + self.p256dh + sender).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert padded[-1] == 2
        return padded[:-1]

    def push(self, body: bytes) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.read(body))
        return found
