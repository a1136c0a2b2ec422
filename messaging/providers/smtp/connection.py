"""A connection to a mail server that knows whether anything of a mail has left."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class Recorded:
    """Beside Django's classes, which choose between plain and TLS."""

    payload_left = False
    _in_data = False

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
        super().send(s)  # type: ignore[misc]


class RecordedSMTP(Recorded, smtplib.SMTP):
    pass


class RecordedSMTPS(Recorded, smtplib.SMTP_SSL):
    pass


class Backend(EmailBackend):
    """Django's, by connections of ours."""

    connection: RecordedSMTP | RecordedSMTPS | None

    @property
    def connection_class(self) -> type[RecordedSMTP | RecordedSMTPS]:
        return RecordedSMTPS if self.use_ssl else RecordedSMTP
