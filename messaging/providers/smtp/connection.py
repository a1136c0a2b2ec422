"""A connection to a mail server that knows whether anything of a mail has left, and how long it may wait."""

import io
import re
import smtplib
import socket
from collections.abc import Callable
from functools import partial
from smtplib import quoteaddr
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from messaging.providers.deadline import Deadline

_LONGEST_CONNECT = 5.0
# So much is sent before the deadline is looked at again.
_PIECE = 64 * 1024
# Lines that begin by a dot get another (RFC 5321, 4.5.2).
_DOT = re.compile(rb"(?m)^\.")

_Answer = tuple[int, bytes]


class _Answers(io.RawIOBase):
    """What the server says; each byte of it is waited for within the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


class Recorded:
    """Beside the standard library's classes, which choose between plain and TLS."""

    payload_left = False
    sock: socket.socket | None
    file: Any
    has_extn: Callable[[str], bool]
    _in_data = False

    def __init__(self, *args: Any, deadline: Deadline, **options: Any) -> None:
        self._deadline = deadline
        super().__init__(*args, **options)

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._in_data = True
        try:
            return super().data(msg)  # type: ignore[misc, no-any-return]
        finally:
            self._in_data = False

    def send(self, s: Any) -> None:
        # The first thing sent within DATA is the command itself.
        if self._in_data and not (isinstance(s, str | bytes) and s[:4].lower() in ("data", b"data") and len(s) == 6):
            self.payload_left = True
        rest = memoryview(s.encode("ascii") if isinstance(s, str) else s)
        while rest:
            if self.sock:
                self.sock.settimeout(self._deadline.left())
            super().send(rest[:_PIECE])  # type: ignore[misc]
            rest = rest[_PIECE:]

    def begin(self, sender: str, recipient: str, size: int) -> tuple[_Answer, _Answer, _Answer]:
        """What the server says to MAIL, RCPT and DATA, sent at once (RFC 2920).

        Who refuses one of them and hangs up has refused all the same: 0 stands for what is not said any more.
        """
        declared = f" size={size}" if self.has_extn("size") else ""
        self.send(f"mail FROM:{quoteaddr(sender)}{declared}\r\nrcpt TO:{quoteaddr(recipient)}\r\ndata\r\n")
        said: list[_Answer] = []
        try:
            for _command in range(3):
                said.append(self.getreply())
        except (OSError, smtplib.SMTPException):
            if not any(code >= 400 for code, _text in said):
                raise
        said += [(0, b"")] * (3 - len(said))
        return said[0], said[1], said[2]

    def end(self, mail: bytes) -> _Answer:
        """What it says to the mail, which is in lines that end by CR LF; to nobody's, where it is empty."""
        self.payload_left = bool(mail)
        lines = _DOT.sub(b"..", mail)
        self.send(lines + (b".\r\n" if not lines or lines.endswith(b"\r\n") else b"\r\n.\r\n"))
        return self.getreply()

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock:
            self.file = io.BufferedReader(_Answers(self.sock, self._deadline))
        return super().getreply()  # type: ignore[misc, no-any-return]


class RecordedSMTP(Recorded, smtplib.SMTP):
    pass


class RecordedSMTPS(Recorded, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """Django's, by connections of ours."""

    connection: RecordedSMTP | RecordedSMTPS | None

    def __init__(self, deadline: Deadline, **server: Any) -> None:
        super().__init__(fail_silently=False, **server)
        self._deadline = deadline

    def open(self) -> bool | None:
        if self.connection is None:
            self.timeout = self._deadline.left(_LONGEST_CONNECT)
        return super().open()

    @property
    def connection_class(self) -> Any:  # of the arguments of the class
        return partial(RecordedSMTPS if self.use_ssl else RecordedSMTP, deadline=self._deadline)
