"""Connections on which everything happens before a deadline, however slowly a server speaks."""

import ssl
from typing import Any

import httpcore2

from messaging.providers.deadline import Deadline


class TimedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, connecting(self._deadline, timeout))
        return TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def connecting(deadline: Deadline, timeout: float | None) -> float:
    """Seconds. Raises `httpcore2.ConnectTimeout`: nothing has left then."""
    try:
        return deadline.left(timeout)
    except TimeoutError as error:
        raise httpcore2.ConnectTimeout(str(error)) from error
