"""One push to one browser's push service (RFC 8030, 5), and what its answer means."""

from dataclasses import dataclass
from enum import IntEnum
from http.client import responses

import httpcore2
from django.utils.translation import gettext as _

from messaging.providers.deadline import Deadline
from messaging.providers.http import words_of
from messaging.providers.webpush.addresses import NotPublic, PublicNetwork, is_endpoint
from messaging.providers.webpush.vapid import authorization

_SECONDS = {"connect": 5.0, "write": 5.0, "read": 10.0, "pool": 5.0}
SECONDS = 10.0
# Of what a push service says, so much is kept.
_MOST = 2_000
_LONGEST_WAIT = 24 * 3600.0
# RFC 8030, 7.3, and what services say of a browser that has left.
_GONE = (404, 410)
_LATER = (408, 425, 429)
# Something has left, and no whole answer came.
_BROKEN = (TimeoutError, httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError)


class Outcome(IntEnum):
    """From what counts most for the message to what counts least, where several browsers have different ones."""

    ACCEPTED = 0
    # Nobody knows whether it was taken.
    UNKNOWN = 1
    LATER = 2
    REFUSED = 3
    # The browser gets nothing any more.
    GONE = 4


@dataclass(frozen=True)
class Pushed:
    """`wait`: seconds that the service asks this push to wait for. `id`: where the service keeps it."""

    outcome: Outcome
    words: str
    wait: float | None = None
    id: str = ""


class PushCaller:
    """Keeps connections to push services open; each call ends within `SECONDS`."""

    def __init__(self) -> None:
        self._deadline = Deadline()
        self._pool = httpcore2.ConnectionPool(
            max_connections=20, keepalive_expiry=4, network_backend=PublicNetwork(self._deadline)
        )

    def close(self) -> None:
        self._pool.close()

    def push(
        self, endpoint: str, body: bytes, *, ttl: int, urgency: str, topic: str, seconds: float = SECONDS
    ) -> Pushed:
        """Ends after so many `seconds`, `SECONDS` at most."""
        if not is_endpoint(endpoint):
            return Pushed(Outcome.REFUSED, _("Its address is none that pushes may go to."))
        headers: dict[bytes | str, bytes | str] = {
            "Authorization": authorization(endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Content-Length": str(len(body)),
            "TTL": str(ttl),
            "Urgency": urgency,
            "Topic": topic,
        }
        self._deadline.begin(min(SECONDS, seconds))
        timeouts = {"timeout": _SECONDS}
        try:
            with self._pool.stream("POST", endpoint, headers=headers, content=body, extensions=timeouts) as response:
                return _meaning(response)
        except NotPublic as error:
            return Pushed(Outcome.REFUSED, str(error))
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout, httpcore2.PoolTimeout) as error:
            return Pushed(Outcome.LATER, words_of(error))
        except _BROKEN as error:
            return Pushed(Outcome.UNKNOWN, words_of(error))


def _meaning(response: httpcore2.Response) -> Pushed:
    status, headers = response.status, {name.lower(): value for name, value in response.headers}
    if 200 <= status < 300:
        return Pushed(Outcome.ACCEPTED, str(status), id=headers.get(b"location", b"").decode("latin-1")[:200])
    words = f"{status} {_said(response) or responses.get(status, '')}".strip()
    if status in _GONE:
        return Pushed(Outcome.GONE, words)
    if status in _LATER or status >= 500:  # the same topic: should it have been taken, the second replaces the first
        return Pushed(Outcome.LATER, words, wait=_wait(headers.get(b"retry-after", b"")))
    return Pushed(Outcome.REFUSED, words)


def _said(response: httpcore2.Response) -> str:
    body = b""
    try:
        for part in response.iter_stream():
            body += part
            if len(body) > _MOST:
                break
    except _BROKEN:
        pass  # the status says enough
    # PostgreSQL keeps no NUL.
    return " ".join(body[:_MOST].decode("utf-8", "replace").replace("\0", " ").split())[:300]


def _wait(asked: bytes) -> float | None:
    """Of `Retry-After`, where it tells seconds (RFC 9110, 10.2.3)."""
    return min(float(asked), _LONGEST_WAIT) if asked.isdigit() and len(asked) < 9 else None
