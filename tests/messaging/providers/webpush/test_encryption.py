"""Pushes are encrypted as RFC 8291 has it, and signed for as RFC 8292 has it."""

import json
import time

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.management import call_command
from pytest_django import Settings

from messaging.providers.webpush.encryption import MOST_BODY, MOST_TEXT, encrypt
from messaging.providers.webpush.vapid import authorization, new_keys, public_key
from tests.messaging.providers.webpush.browser import CURVE, TestBrowser, b64, raw

# RFC 8291, appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
SALT, AUTH = raw("DGv6ra1nlYgDCS1FRnbzlw"), raw("BTBZMqHH6r4Tts7J_aSIgg")
OURS, THEIRS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_the_standard_byte_for_byte() -> None:
    browser = TestBrowser(key=THEIRS, auth=AUTH)
    key = ec.derive_private_key(int.from_bytes(raw(OURS), "big"), CURVE)
    assert b64(encrypt(TEXT, p256dh=browser.p256dh, auth=AUTH, key=key, salt=SALT)) == BODY
    assert browser.read(raw(BODY)) == TEXT


@pytest.mark.parametrize("text", [b"", "Привіт 🎈".encode(), b"x" * MOST_TEXT])
def test_only_the_browser_reads_it_and_no_two_are_alike(text: bytes) -> None:
    browser = TestBrowser()
    first, second = (encrypt(text, p256dh=browser.p256dh, auth=browser.auth) for _time in range(2))
    assert browser.read(first) == browser.read(second) == text
    assert first != second
    assert len(first) <= MOST_BODY
    with pytest.raises(InvalidTag):
        TestBrowser(auth=browser.auth).read(first)


def test_what_cannot_be_encrypted_is_refused() -> None:
    with pytest.raises(ValueError, match=str(MOST_TEXT + 1)):
        encrypt(b"x" * (MOST_TEXT + 1), p256dh=TestBrowser().p256dh, auth=AUTH)
    with pytest.raises(ValueError, match="key"):
        encrypt(b"x", p256dh=b"\x04" + b"\1" * 64, auth=AUTH)


def test_push_services_are_told_who_we_are(settings: Settings) -> None:
    settings.WEBPUSH_PRIVATE_KEY, public = new_keys()
    settings.WEBPUSH_SUBJECT = "mailto:push@example.com"
    scheme, token, key = authorization("https://push.example.com:8443/a/b?c").split(" ")
    head, claims, signature = (raw(part) for part in token.removeprefix("t=").removesuffix(",").split("."))

    assert (scheme, key, public_key()) == ("vapid", f"k={public}", public)
    assert json.loads(head) == {"typ": "JWT", "alg": "ES256"}
    claimed = json.loads(claims)
    assert (claimed["aud"], claimed["sub"]) == ("https://push.example.com:8443", "mailto:push@example.com")
    assert time.time() + 3600 < claimed["exp"] < time.time() + 24 * 3600
    signed = token.removeprefix("t=").rpartition(".")[0].encode()
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw(public)).verify(der, signed, ec.ECDSA(SHA256()))


def test_a_command_makes_the_keys(capsys: pytest.CaptureFixture[str], settings: Settings) -> None:
    call_command("webpush_keys")
    private, *_words, public = capsys.readouterr().out.split()
    settings.WEBPUSH_PRIVATE_KEY = private.removeprefix("WEBPUSH_PRIVATE_KEY=")
    assert public_key() == public
