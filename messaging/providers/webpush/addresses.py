"""Where pushes may go. Browsers name the address, so anybody does: only to public ones of the internet, by https.

A name is resolved once, each of its addresses is looked at, and one of these is what is connected to: a name that means
something else a moment later (DNS rebinding) leads nowhere.
"""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import httpcore2
from django.conf import settings

from messaging.providers.deadline import Deadline
from messaging.providers.timing import TimedNetwork

MOST_ENDPOINT = 1_000
# Within these, an address of IPv4 stands in one of IPv6, and a gateway may lead to it.
_GATEWAYS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class NotPublic(httpcore2.ConnectError):
    """The name of a push service means an address that is not of the public internet."""


def is_endpoint(text: str) -> bool:
    """Whether pushes can go there, by its look: https and a name, or a public address; or what the settings trust."""
    if len(text) > MOST_ENDPOINT or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if f"{parts.scheme}://{parts.netloc}" in settings.WEBPUSH_TRUSTED:
        return True
    plain = not (parts.username or parts.password or parts.fragment or port == 0)
    return parts.scheme == "https" and plain and _may_be_public(host)


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:  # no address but a name
        return "." in host.strip(".")


def is_public(address: str) -> bool:
    """Raises `ValueError` for what is no address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour or found.teredo or any(found in gateway for gateway in _GATEWAYS):
            return False
    return found.is_global and not found.is_multicast


class PublicNetwork(TimedNetwork):
    """Connects to public addresses only, and to those that the settings trust; nothing takes longer than `deadline`."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__(httpcore2.SyncBackend(), deadline)

    def connect_tcp(self, host: str, port: int, *arguments: Any, **options: Any) -> httpcore2.NetworkStream:
        return super().connect_tcp(_resolved(host, port), port, *arguments, **options)


def _resolved(host: str, port: int) -> str:
    """The first address of a name, all of which are public. Raises `NotPublic` and `httpcore2.ConnectError`."""
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"{host} is not known") from error
    if not _is_trusted(host, port) and not all(map(is_public, found)):
        raise NotPublic(f"{host} is at no public address")
    return found[0]


def _is_trusted(host: str, port: int) -> bool:
    trusted = map(urlsplit, settings.WEBPUSH_TRUSTED)
    return any((each.hostname, each.port or {"http": 80}.get(each.scheme, 443)) == (host, port) for each in trusted)
