"""Mail by one SMTP server (RFC 5321), over a connection that a worker keeps open."""

import smtplib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from messaging.credentials.mail_server import read_mail_server
from messaging.credentials.reading import stored
from messaging.providers.deadline import Deadline, seconds_for
from messaging.providers.interface import Accepted, Answer, Courier, NotSent, Outgoing, Provider, Refused, Unknown
from messaging.providers.smtp.connection import Backend, RecordedSMTP, RecordedSMTPS
from messaging.providers.smtp.mail import mail_of
from messaging.providers.smtp.verp import return_path
from messaging.tellings import Telling

# Mails by one connection, as servers count them; a fresh one costs a moment.
_MOST = 100
_GO_ON = 354
# What may be wrong before there is a connection; a host that cannot be one is a `UnicodeError`.
_UNREACHED = (OSError, smtplib.SMTPException, UnicodeError)
# The server goes away, or wants us to sign in first: no fault of the mail.
_OURS = (421, 503, 530, 534, 535, 538)
# RFC 3463: these are about the mailbox, all others about us, the mail or the server; 5.1.0 is also said of senders.
NOBODY_THERE = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4")


class SmtpCourier(Courier):
    def __init__(self) -> None:
        self._deadline = Deadline()
        server, self._fault = _server()
        self._backend = Backend(self._deadline, **server)
        self._sent = 0

    def open(self) -> NotSent | None:
        self._deadline.begin(seconds_for(Smtp.TIMEOUT))
        try:
            self._open()
        except _UNREACHED as error:
            self.close()
            return NotSent(_words(error))
        return None

    def send(self, outgoing: Outgoing) -> Answer:
        self._deadline.begin(seconds_for(Smtp.TIMEOUT))
        try:
            mail = mail_of(outgoing)
        except ValueError as error:
            return Refused(True, str(error))
        reused = self._backend.connection is not None
        answer = self._send(outgoing, mail)
        # The server may have closed an idle connection, or end it after so many mails: that is no fault of its own.
        return self._send(outgoing, mail) if reused and isinstance(answer, NotSent) else answer

    def _send(self, outgoing: Outgoing, mail: bytes) -> Answer:
        try:
            connection = self._open()
        except _UNREACHED as error:
            self.close()
            return NotSent(_words(error))
        return self._hand_over(connection, outgoing, mail)

    def close(self) -> None:
        """Says good-bye where there is time left for it."""
        with suppress(OSError, smtplib.SMTPException):
            self._backend.close()
        self._backend.connection, self._sent = None, 0

    def _open(self) -> RecordedSMTP | RecordedSMTPS:
        """The open connection, or a new one where that has grown old."""
        if self._fault:
            raise smtplib.SMTPException(self._fault)
        if self._sent >= _MOST:
            self.close()
        self._backend.open()
        if self._backend.connection is None:
            raise smtplib.SMTPServerDisconnected(_("No connection."))
        self._backend.connection.ehlo_or_helo_if_needed()
        return self._backend.connection

    def _hand_over(self, connection: RecordedSMTP | RecordedSMTPS, outgoing: Outgoing, mail: bytes) -> Answer:
        connection.payload_left = False
        try:
            answer = _converse(connection, outgoing, mail)
            self._sent += 1
            if isinstance(answer, NotSent):
                self.close()
            elif not isinstance(answer, Accepted):
                self._reset(connection)
        except (OSError, smtplib.SMTPException) as error:
            left = connection.payload_left
            self.close()
            return Unknown(_words(error)) if left else NotSent(_words(error))
        return answer

    def _reset(self, connection: RecordedSMTP | RecordedSMTPS) -> None:
        """A server that hangs up behind a refusal has refused all the same."""
        try:
            connection.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


def _converse(connection: RecordedSMTP | RecordedSMTPS, outgoing: Outgoing, mail: bytes) -> Answer:
    if connection.has_extn("pipelining"):
        return _pipelined(connection, outgoing, mail)
    size = [f"size={len(mail)}"] if connection.has_extn("size") else []
    code, words = connection.mail(_sender(outgoing), size)
    if not _is_good(code):
        return _refusal(code, words)
    code, words = connection.rcpt(outgoing.address)
    if not _is_good(code):
        return _refusal(code, words, of_recipient=True)
    try:
        return _meaning(*connection.data(mail))
    except smtplib.SMTPDataError as error:  # not even the beginning was wanted
        return _refusal(error.smtp_code, _bytes(error.smtp_error))


def _pipelined(connection: RecordedSMTP | RecordedSMTPS, outgoing: Outgoing, mail: bytes) -> Answer:
    """The same in two turns instead of four."""
    sender, recipient, data = connection.begin(_sender(outgoing), outgoing.address, len(mail))
    if _is_good(sender[0]) and _is_good(recipient[0]):
        return _meaning(*connection.end(mail)) if data[0] == _GO_ON else _refusal(*data)
    if data[0] == _GO_ON:  # also where nobody is there to get it, says RFC 2920, 3.1
        with suppress(OSError, smtplib.SMTPException):  # it has refused all the same
            connection.end(b"")
    return _refusal(*recipient, of_recipient=True) if _is_good(sender[0]) else _refusal(*sender)


def _is_good(code: int) -> bool:
    """2yz, the last digits of which only say more of it (RFC 5321, 4.3.2)."""
    return code // 100 == 2


def _sender(outgoing: Outgoing) -> str:
    """Where it comes back to."""
    return return_path(outgoing.message_id) or outgoing.sender


def _meaning(code: int, words: bytes) -> Answer:
    return Accepted(words=_text(code, words)) if _is_good(code) else _refusal(code, words)


def _server() -> tuple[dict[str, Any], str]:
    """The server that the database names, where the environment names none; and what is wrong with it, in words."""
    account = stored().get("smtp")
    if settings.EMAIL_URL or not account or "EMAIL_URL" not in account.names:
        return {}, ""
    if "EMAIL_URL" not in account.values:
        return {}, _("No key opens the credentials of the mail server.")
    try:
        return read_mail_server(account.values["EMAIL_URL"])._asdict(), ""
    except ValueError as error:
        return {}, str(error)


def _refusal(code: int, words: bytes, *, of_recipient: bool = False) -> Answer:
    """What the server said instead of taking it: 4yz for now, 5yz for good (RFC 5321, 4.2.1).

    Only what it says to the recipient can be about the recipient; a sender that is not wanted blacklists nobody.
    """
    text = _text(code, words)
    if code in _OURS:
        return NotSent(text)
    nobody = of_recipient and "sender" not in text.lower() and any(status in text.split() for status in NOBODY_THERE)
    return Refused(code >= 500, text, Telling.HARD if nobody else Telling.REJECTED)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _text(error.smtp_code, _bytes(error.smtp_error))
    return str(error) or type(error).__name__


def _text(code: int, words: bytes) -> str:
    return f"{code} {words.decode('utf-8', 'replace')}".strip()


def _bytes(words: bytes | str) -> bytes:
    return words.encode() if isinstance(words, str) else words


class Smtp(Provider):
    name = "smtp"
    label = "SMTP"
    # A mail server that has taken a mail tells nothing later.
    CONFIRMS = False
    OWN_TRACKING = True

    @contextmanager
    def courier(self) -> Iterator[Courier]:
        with closing(SmtpCourier()) as courier:
            yield courier
