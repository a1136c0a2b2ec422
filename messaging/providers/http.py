"""Calls of providers' APIs over HTTP: what is known of a call that was not answered."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple

import httpx2

from messaging.providers.deadline import Deadline, seconds_for
from messaging.providers.interface import Courier, NotSent, Provider, Refused, Unknown
from messaging.providers.timing import TimedNetwork

_TIMEOUT = httpx2.Timeout(connect=5, write=10, read=15, pool=5)
# Of what a provider answers, so much is read; none has reason to say more.
_MOST = 64 * 1024
_USUAL_WAIT, _LONGEST_WAIT = 1.0, 3600.0


class Answered(NamedTuple):
    status: int
    body: dict[str, Any]
    text: str


# Among them addresses and secrets of which no request can be made.
_NOT_BEGUN = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.UnsupportedProtocol,
    httpx2.InvalidURL,
    UnicodeError,
)


class Client(httpx2.Client):
    """Keeps connections open, follows nobody elsewhere, and ends every call in time."""

    def __init__(self, **options: Any) -> None:
        limits = httpx2.Limits(max_connections=20, keepalive_expiry=4)
        super().__init__(timeout=_TIMEOUT, limits=limits, follow_redirects=False, **options)
        self.deadline = Deadline()
        for transport in (self._transport, *self._mounts.values()):  # a proxy of the environment is one of them
            if isinstance(transport, httpx2.HTTPTransport):
                pool: Any = transport._pool
                pool._network_backend = TimedNetwork(pool._network_backend, self.deadline)


class HttpCourier(Courier):
    """One that keeps its connections open."""

    def __init__(self, http: Client) -> None:
        self.http = http


class HttpProvider(Provider):
    """A provider with an API over HTTP."""

    COURIER: ClassVar[type[HttpCourier]]

    @contextmanager
    def courier(self) -> Iterator[Courier]:
        with Client() as http:
            yield self.COURIER(http)


def call(http: Client, url: str, *, method: str = "POST", **request: Any) -> Answered | Refused | NotSent | Unknown:
    """Posts, unless told otherwise. `Refused` is what 429 means everywhere; a 5xx leaves open what was done."""
    http.deadline.begin(seconds_for(Provider.TIMEOUT))
    try:
        with http.stream(method, url, **request) as response:
            text = _read(response)
    except _NOT_BEGUN as error:
        return NotSent(words_of(error))
    except (httpx2.HTTPError, TimeoutError) as error:
        return Unknown(words_of(error))
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


def words_of(error: Exception) -> str:
    """What an exception says of a call."""
    return f"{type(error).__name__}: {error}".removesuffix(": ")
