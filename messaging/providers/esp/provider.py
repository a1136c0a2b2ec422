"""Mail by an email service provider's API, through django-anymail (anymail.dev/en/stable/sending/)."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailConfigurationError, AnymailError
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives, get_connection

from messaging.credentials.reading import esp_options
from messaging.providers.backend.provider import MailCourier, never_left
from messaging.providers.esp.names import LABELS
from messaging.providers.http import wait_of
from messaging.providers.interface import Accepted, Answer, Courier, NotSent, Outgoing, Provider, Refused, Unknown
from messaging.tellings import Telling
from messaging.tracking.tokens import token_of

# Under this name our own number is given along, signed, and comes back with what the provider tells.
OURS = "rapport"
# The account, its key or its domain, and no fault of the message.
_OUR_FAULT = (401, 402, 403, 404)
# Too slow, too many, or too early: later it is another matter.
_NOT_NOW = (408, 420, 425, 429)
_SERVER_ERROR = 500
_MOST = 2_000


class EspCourier(MailCourier):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def connection(self) -> Any:
        options: dict[str, Any] = {**esp_options(self._name)}
        return get_connection(f"anymail.backends.{self._name}.EmailBackend", **options)

    def mail_of(self, outgoing: Outgoing) -> EmailMultiAlternatives:
        mail: Any = super().mail_of(outgoing)
        del mail.extra_headers["Message-ID"]  # these have their own, and some refuse another
        mail.metadata = {OURS: token_of(outgoing.message_id)}
        mail.track_opens = mail.track_clicks = True
        return mail  # type: ignore[no-any-return]

    def hand_over(self, mail: EmailMultiAlternatives) -> Answer:
        self._backend.send_messages([mail])
        return _meaning(mail.anymail_status)  # type: ignore[attr-defined]

    def failure(self, error: Exception) -> Answer:
        if isinstance(error, AnymailConfigurationError | ImproperlyConfigured):
            return NotSent(str(error))
        if isinstance(error, AnymailAPIError):
            return _refusal(error)
        if isinstance(error, AnymailError | ValueError):  # it could not even be put into the provider's words
            return Refused(True, _first_line(error))
        return super().failure(error)


def _meaning(status: Any) -> Answer:
    """What anymail has read from the provider's answer about the one recipient."""
    (word,) = status.status or {"unknown"}
    id_ = str(status.message_id or "")
    if word in ("sent", "queued") or (word == "unknown" and id_):
        return Accepted(id_, word)
    response = status.esp_response
    words = f"{word} {getattr(response, 'text', '')}"[:_MOST].strip()
    if word == "unknown" and not 400 <= getattr(response, "status_code", 0) < _SERVER_ERROR:
        return Unknown(words)
    return Refused(True, words, Telling.FAILED if word == "failed" else Telling.REJECTED)


def _refusal(error: Any) -> Answer:
    """By the status of HTTP, where there was an answer; where there was none, by whether there was a connection."""
    response = getattr(error, "response", None)
    if response is None:
        words = _first_line(error.__cause__ or error)
        return NotSent(words) if never_left(error) else Unknown(words)
    words = f"{response.status_code} {response.text}"[:_MOST].strip()
    if response.status_code in _NOT_NOW:
        return Refused(False, words, wait=wait_of(response.headers.get("Retry-After", "")))
    if response.status_code in _OUR_FAULT:
        return NotSent(words)
    # Of a server's error, or a good answer that nobody can read, it stays open what was done.
    is_open = response.status_code >= _SERVER_ERROR or response.ok
    return Unknown(words) if is_open else Refused(True, words)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:_MOST] or type(error).__name__


class Esp(Provider):
    """One of anymail's. It tells by webhooks what became of mails, opens and clicks among it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.label = LABELS.get(name, name)

    @contextmanager
    def courier(self) -> Iterator[Courier]:
        with closing(EspCourier(self.name)) as courier:
            yield courier
