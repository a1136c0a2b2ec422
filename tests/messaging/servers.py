"""Servers of tests' own: one that takes mails, one that is called over HTTP. Each keeps what it was sent."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """What an SMTP server says and gets; `says` maps the verb to the answer instead of its own."""

    def __init__(self) -> None:
        self.says: dict[str, str] = {}
        self.mails: list[bytes] = []
        self.senders: list[str] = []
        self.connections = 0
        self.pipelining = False

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self.senders.append(address)
        said = self.says.get("MAIL", "250 OK")
        if said.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said

    async def handle_EHLO(
        self, _server: Any, session: Any, _envelope: Any, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return [*answers[:-1], "250-PIPELINING", answers[-1]] if self.pipelining else answers

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        said = self.says.get("RCPT", "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_RSET(self, server: Any, _session: Any, _envelope: Any) -> str:
        said = self.says.get("RSET", "250 OK")
        if said == "drop":
            server.transport.abort()
        return said

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        said = self.says.get("DATA", "250 2.0.0 Queued as 4711")
        if said == "drop":
            server.transport.abort()
        if said.startswith(("250", "drop")):
            self.mails.append(envelope.content)
        return said


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    """A mail server on this machine, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


@dataclass
class Called:
    """What an HTTP server answers, and the requests that it got, byte for byte."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def http_server() -> Iterator[Called]:
    called = Called()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            called.requests.append((self.path, dict(self.headers.items()), body))
            if called.drops:
                self.close_connection = True
                return
            self.send_response(called.status)
            for name, value in called.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(called.body)))
            self.end_headers()
            self.wfile.write(called.body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    called.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield called
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def parting_server(words: bytes) -> Iterator[int]:
    """A server that says this, whatever comes, and then nothing more; its port."""

    def part(connection: socket.socket) -> None:
        connection.sendall(words)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass

    with _for_one(part) as port:
        yield port


@contextmanager
def dripping_server(greeting: bytes = b"") -> Iterator[int]:
    """A server that takes whatever comes and answers byte by byte, without an end; its port."""
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(greeting)
        while not over.wait(0.02):
            connection.sendall(b"2")

    with _for_one(drip) as port:
        try:
            yield port
        finally:
            over.set()


@contextmanager
def _for_one(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server of the first who connects."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        connection, _peer = listener.accept()
        with connection, suppress(OSError):
            serve(connection)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
