"""Keyed digests of addresses: HMAC-SHA-256 (RFC 2104) of the normal form, made in Python and in SQL alike.

They recognise an address that is no longer kept, and without the key nobody can find out by guessing whose it was.
"""

import hashlib
import hmac
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import BinaryField, Func

_BLOCK = 64


def digest(address: str) -> bytes:
    """32 bytes; `address` is in normal form."""
    return hmac.digest(settings.DIGEST_KEY, address.encode(), "sha256")


class Digest(Func):
    """The same of a text expression, by the database; null of null."""

    arity = 1
    output_field = BinaryField()

    def as_sql(self, compiler: Any, connection: Any, *_args: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        text, params = compiler.compile(self.source_expressions[0])
        sql, pads = self.sql(text)
        return sql, (*pads, *params)

    @staticmethod
    def sql(text: str) -> tuple[str, tuple[bytes, bytes]]:
        """The expression as SQL with two parameters, which come before those of `text`."""
        inner, outer = _pads(settings.DIGEST_KEY)
        return f"sha256(%s || sha256(%s || convert_to({text}, 'UTF8')))", (outer, inner)


def digest_sql(expression: str) -> tuple[str, dict[str, bytes]]:
    """The same for statements written by hand, with the parameters that they then need."""
    inner, outer = _pads(settings.DIGEST_KEY)
    sql = f"sha256(%(outer_key)s || sha256(%(inner_key)s || convert_to({expression}, 'UTF8')))"
    return sql, {"outer_key": outer, "inner_key": inner}


@cache
def _pads(key: bytes) -> tuple[bytes, bytes]:
    """The key as HMAC mixes it into the inner and the outer hash."""
    if len(key) > _BLOCK:
        key = hashlib.sha256(key).digest()
    key = key.ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)
