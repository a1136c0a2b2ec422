"""Browsers say where pushes go: nowhere but to public addresses, by whatever name these are given."""

import socket
from typing import Any

import httpcore2
import pytest
from pytest_django import Settings

from messaging.providers.deadline import Deadline
from messaging.providers.webpush.addresses import NotPublic, PublicNetwork, is_endpoint, is_public
from messaging.providers.webpush.calling import Outcome, PushCaller
from messaging.providers.webpush.vapid import new_keys


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"),
        *("2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001:80b::200a", "::ffff:8.8.8.8"])
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:def", True),
        ("https://8.8.8.8/a", True),
        ("https://push.example.com:8443/a?b=c", True),
        ("http://push.example.com/a", False),
        ("https://127.0.0.1/a", False),
        ("https://[::1]/a", False),
        ("https://localhost/a", False),
        ("https://user@push.example.com/a", False),
        ("https://push.example.com:0/a", False),
        ("https://push.example.com:99999/a", False),
        ("https://push.example.com/a b", False),
        ("https://push.example.com/\r\nHost: x", False),
        ("https://push.приклад.com/a", False),
        ("https://push.example.com/" + "a" * 1_000, False),
        ("javascript:alert(1)", False),
        ("", False),
        ("http://127.0.0.1:9000/a", True),
        ("http://127.0.0.1:9001/a", False),
        ("http://127.0.0.1:9000@evil.example/a", False),
    ],
)
def test_endpoints(settings: Settings, text: str, taken: bool) -> None:
    settings.WEBPUSH_TRUSTED = ["http://127.0.0.1:9000"]
    assert is_endpoint(text) is taken


def test_a_name_is_asked_for_once_and_that_address_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """So one that means another address a moment later leads nowhere (DNS rebinding)."""
    asked: list[str] = []
    connected: list[Any] = []

    def known(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8" if len(asked) == 1 else "127.0.0.1", port))]

    def connect(address: Any, *_more: Any, **_named: Any) -> socket.socket:
        connected.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", known)
    monkeypatch.setattr(socket, "create_connection", connect)
    deadline = Deadline()
    deadline.begin(5)
    with pytest.raises(httpcore2.ConnectError):
        PublicNetwork(deadline).connect_tcp("push.example.com", 443)
    assert connected == [("8.8.8.8", 443)]
    with pytest.raises(NotPublic):
        PublicNetwork(deadline).connect_tcp("push.example.com", 443)
    assert connected == [("8.8.8.8", 443)]


def test_a_name_for_a_private_address_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.WEBPUSH_PRIVATE_KEY = new_keys()[0]
    mixed = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("8.8.8.8", "192.168.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_named: mixed)
    caller = PushCaller()
    found = caller.push("https://push.example.com/a", b"x", ttl=1, urgency="low", topic="t")
    caller.close()
    assert (found.outcome, found.words) == (Outcome.REFUSED, "push.example.com is at no public address")
