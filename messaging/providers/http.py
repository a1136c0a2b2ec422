"""Calls of providers' APIs over HTTP: what is known of a call that was not answered."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple

import httpx2

from messaging.providers.interface import Courier, NotSent, Provider, Refused, Unknown

_TIMEOUT = httpx2.Timeout(connect=5, write=10, read=15, pool=5)
# Of what a provider answers, so much is read; none has reason to say more.
_MOST = 64 * 1024
_USUAL_WAIT, _LONGEST_WAIT = 1.0, 3600.0


class Answered(NamedTuple):
    status: int
    body: dict[str, Any]
    text: str


def client(**options: Any) -> httpx2.Client:
    """Keeps connections open, and follows nobody elsewhere."""
    limits = httpx2.Limits(max_connections=20, keepalive_expiry=4)
    return httpx2.Client(timeout=_TIMEOUT, limits=limits, follow_redirects=False, **options)


class HttpCourier(Courier):
    """One that keeps its connections open."""

    def __init__(self, http: httpx2.Client) -> None:
        self.http = http


class HttpProvider(Provider):
    """A provider with an API over HTTP."""

    COURIER: ClassVar[type[HttpCourier]]

    @contextmanager
    def courier(self) -> Iterator[Courier]:
        with client() as http:
            yield self.COURIER(http)


def call(http: httpx2.Client, url: str, **request: Any) -> Answered | Refused | NotSent | Unknown:
    """Posts. `Refused` is what every provider means by 429; a server's error (5xx) leaves open what it did."""
    try:
        with http.stream("POST", url, **request) as response:
            text = _read(response)
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
        return NotSent(_words(error))
    except httpx2.HTTPError as error:
        return Unknown(_words(error))
    if response.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        return Refused(False, text or "429 Too Many Requests", wait=_wait(response))
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


def _wait(response: httpx2.Response) -> float:
    """Seconds of `Retry-After` (RFC 9110, 10.2.3), where it tells seconds."""
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), _LONGEST_WAIT) if asked.isdecimal() else _USUAL_WAIT


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(": ")
