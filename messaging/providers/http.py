"""Calls of providers' APIs over HTTP: what is known of a call that was not answered."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple

import httpx2

from messaging.providers.deadline import Deadline, seconds_for
from messaging.providers.interface import Courier, NotSent, Provider, Refused, Unknown

_TIMEOUT = httpx2.Timeout(connect=5, write=10, read=15, pool=5)
# Of what a provider answers, so much is read; none has reason to say more.
_MOST = 64 * 1024
_USUAL_WAIT, _LONGEST_WAIT = 1.0, 3600.0


class Answered(NamedTuple):
    status: int
    body: dict[str, Any]
    text: str


class _NotConnected(TimeoutError):
    """There was no time left to get to the provider."""


# Among them addresses and secrets of which no request can be made.
_NOT_BEGUN = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
    httpx2.InvalidURL,
    UnicodeError,
    _NotConnected,
)


class _Stream:
    """A connection of httpx2's on which everything happens before the deadline, or not at all."""

    def __init__(self, stream: Any, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        found: bytes = self._stream.read(max_bytes, self._deadline.left(timeout))
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        stream = self._stream.start_tls(ssl_context, server_hostname, _connecting(self._deadline, timeout))
        return _Stream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Network:
    """What httpx2 connects by."""

    def __init__(self, network: Any, deadline: Deadline) -> None:
        self._network = network
        self._deadline = deadline

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **options: Any) -> Any:
        stream = self._network.connect_tcp(host, port, timeout=_connecting(self._deadline, timeout), **options)
        return _Stream(stream, self._deadline)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)


def _connecting(deadline: Deadline, timeout: float | None) -> float:
    try:
        return deadline.left(timeout)
    except TimeoutError as error:
        raise _NotConnected(str(error)) from error


class Client(httpx2.Client):
    """Keeps connections open, follows nobody elsewhere, and ends every call in time."""

    def __init__(self, **options: Any) -> None:
        limits = httpx2.Limits(max_connections=20, keepalive_expiry=4)
        super().__init__(timeout=_TIMEOUT, limits=limits, follow_redirects=False, **options)
        self.deadline = Deadline()
        for transport in (self._transport, *self._mounts.values()):  # a proxy of the environment is one of them
            if isinstance(transport, httpx2.HTTPTransport):
                pool: Any = transport._pool
                pool._network_backend = _Network(pool._network_backend, self.deadline)


def client(**options: Any) -> Client:
    return Client(**options)


class HttpCourier(Courier):
    """One that keeps its connections open."""

    def __init__(self, http: Client) -> None:
        self.http = http


class HttpProvider(Provider):
    """A provider with an API over HTTP."""

    COURIER: ClassVar[type[HttpCourier]]

    @contextmanager
    def courier(self) -> Iterator[Courier]:
        with client() as http:
            yield self.COURIER(http)


def call(http: Client, url: str, *, method: str = "POST", **request: Any) -> Answered | Refused | NotSent | Unknown:
    """Posts, unless told otherwise. `Refused` is what 429 means everywhere; a 5xx leaves open what was done."""
    http.deadline.begin(seconds_for(Provider.TIMEOUT))
    try:
        with http.stream(method, url, **request) as response:
            text = _read(response)
    except _NOT_BEGUN as error:
        return NotSent(_words(error))
    except (httpx2.HTTPError, TimeoutError) as error:
        return Unknown(_words(error))
    if response.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        return Refused(False, text or "429 Too Many Requests", wait=wait_of(response.headers.get("Retry-After", "")))
    if response.status_code >= 500:
        return Unknown(f"{response.status_code} {text}".strip())
    return Answered(response.status_code, object_of(text), text)


def _read(response: httpx2.Response) -> str:
    body = b""
    for part in response.iter_bytes():
        body += part
        if len(body) > _MOST:
            break
    return body[:_MOST].decode("utf-8", "replace")


def object_of(text: str) -> dict[str, Any]:
    """The JSON object that a text is; an empty one for everything else."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def wait_of(asked: str) -> float:
    """Seconds of `Retry-After` (RFC 9110, 10.2.3), where it tells seconds."""
    return min(float(asked), _LONGEST_WAIT) if asked.isdecimal() else _USUAL_WAIT


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")
