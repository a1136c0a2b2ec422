"""Mail by any of Django's mail backends (docs.djangoproject.com/en/5.2/topics/email/#email-backends)."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from email.utils import formataddr
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from messaging.providers.interface import Accepted, Answer, Courier, NotSent, Outgoing, Provider, Refused, Unknown
from messaging.providers.smtp.mail import message_id, refuse_controls

log = structlog.get_logger(__name__)

# Servers close idle connections after a while; a mail on one that is closed just then is an uncertain one.
_IDLE = 4.0
# How it looks, by whatever library, where no connection was made.
_NOT_CONNECTED = frozenset(
    {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ConnectTimeout", "SMTPConnectError"}
)


def mail_of(outgoing: Outgoing) -> EmailMultiAlternatives:
    """The mail as Django has it. Raises `ValueError` for what no header can hold."""
    rendered = outgoing.rendered
    for line in (rendered.subject, outgoing.name, outgoing.sender_name, outgoing.address, outgoing.sender):
        refuse_controls(line)
    headers = {}
    if outgoing.leave_url:
        headers["List-Unsubscribe"] = f"<{outgoing.leave_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        rendered.subject,
        rendered.text,
        formataddr((outgoing.sender_name, outgoing.sender)),
        [formataddr((outgoing.name, outgoing.address))],
        headers=headers,
    )
    if rendered.html:
        mail.attach_alternative(rendered.html, "text/html")
    return mail


def never_left(error: BaseException) -> bool:
    """Whether no connection was made, as an exception and those behind it tell."""
    seen: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in seen:
        if isinstance(step, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError):
            return True
        if type(step).__name__ in _NOT_CONNECTED:
            return True
        seen.append(step)
        step = step.__cause__ or step.__context__
    return False


class MailCourier(Courier):
    """Keeps the backend's connection open, as long as it is in use."""

    def __init__(self) -> None:
        self._backend: Any = None
        self._used = time.monotonic()

    def open(self) -> NotSent | None:
        try:
            self._open()
        except Exception as error:  # noqa: BLE001 - as in `send`
            self.close()
            # Whatever it was: there has been no mail yet.
            return NotSent(self.failure(error).words)
        return None

    def send(self, outgoing: Outgoing) -> Answer:
        try:
            mail = self.mail_of(outgoing)
        except ValueError as error:
            return Refused(True, str(error))
        if unready := self.open():
            return unready
        try:
            return self.hand_over(mail)
        except Exception as error:  # noqa: BLE001 - backends raise what their libraries do
            self.close()
            return self.failure(error)

    def connection(self) -> Any:
        return get_connection(settings.MAIL_BACKEND)

    def mail_of(self, outgoing: Outgoing) -> EmailMultiAlternatives:
        mail = mail_of(outgoing)
        mail.extra_headers["Message-ID"] = message_id(outgoing)
        return mail

    def hand_over(self, mail: EmailMultiAlternatives) -> Answer:
        taken = self._backend.send_messages([mail])
        return Accepted() if taken else Unknown("The backend does not say whether it took it.")

    def failure(self, error: Exception) -> Answer:
        """What an exception of the backend means."""
        log.warning("mail_backend_failed", error=type(error).__name__)
        words = str(error) or type(error).__name__
        if isinstance(error, ValueError):  # among them BadHeaderError: it did not get as far as a connection
            return Refused(True, words)
        return NotSent(words) if never_left(error) else Unknown(words)

    def close(self) -> None:
        if self._backend is not None:
            with suppress(Exception):
                self._backend.close()

    def _open(self) -> None:
        at = time.monotonic()
        if at - self._used > _IDLE:
            self.close()
        self._used = at
        # Made here, not at the beginning: one that is not set up is a provider that cannot be reached.
        self._backend = self._backend or self.connection()
        self._backend.open()


class DjangoMail(Provider):
    name = "mail"
    label = "Mail"
    # Django's backends tell nothing later.
    CONFIRMS = False
    OWN_TRACKING = True

    @contextmanager
    def courier(self) -> Iterator[Courier]:
        with closing(MailCourier()) as courier:
            yield courier
