"""Connections on which everything happens before a deadline, however slowly a server speaks."""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2

from messaging.providers.deadline import Deadline


class TimedNetwork(httpcore2.NetworkBackend):
    """Connects by another one, before the deadline or not at all: `httpcore2.ConnectTimeout` says that nothing left."""

    def __init__(self, network: httpcore2.NetworkBackend, deadline: Deadline) -> None:
        self._network = network
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        wait = _connecting(self._deadline, timeout)
        stream = self._network.connect_tcp(host, port, wait, local_address, socket_options)
        return _TimedStream(stream, self._deadline)


class _TimedStream(httpcore2.NetworkStream):
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
        secured = self._stream.start_tls(ssl_context, server_hostname, _connecting(self._deadline, timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _connecting(deadline: Deadline, timeout: float | None) -> float:
    try:
        return deadline.left(timeout)
    except TimeoutError as error:
        raise httpcore2.ConnectTimeout(str(error)) from error
