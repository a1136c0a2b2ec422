import errno
import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from config.embedded.errors import StartError

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only compared with


@dataclass(frozen=True)
class Address:
    """Where the site is served."""

    host: str
    port: int

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Address":
        """From HOST (127.0.0.1) and PORT (8000). Raises StartError."""
        port = environ.get("PORT") or "8000"
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise StartError(f"PORT must be a number from 1 to 65535, not “{port}”.")
        return cls(environ.get("HOST") or "127.0.0.1", int(port))

    @property
    def url(self) -> str:
        """As one types it into a browser on this machine."""
        return f"http://{_bracketed(self._near)}:{self.port}"

    @property
    def bind(self) -> str:
        return f"{_bracketed(self.host)}:{self.port}"

    def site_environ(self) -> dict[str, str]:
        """What the settings need to know of it, where the user did not say."""
        hosts = {"ALLOWED_HOSTS": "*"} if self.host in EVERYWHERE else {}
        return {"SITE_URL": self.url, **hosts}

    def require_free(self) -> None:
        """Raises StartError where nothing could be served."""
        try:
            family, kind, _, _, place = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
        except socket.gaierror as error:
            raise StartError(f"HOST must be an address of this machine, not “{self.host}”.") from error
        except OSError as error:
            raise StartError(self._refusal(error)) from error

    def _refusal(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return f"Port {self.port} is taken by another program: choose another, for example PORT={self.port + 1}."
        if error.errno == errno.EADDRNOTAVAIL:
            return f"HOST must be an address of this machine, not “{self.host}”."
        return f"Port {self.port} cannot be used ({error.strerror}): choose another with PORT, for example PORT=8000."

    def answers(self) -> bool:
        """Does the site say that it can work?"""
        connection = http.client.HTTPConnection(self._near, self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 400
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    @property
    def _near(self) -> str:
        return EVERYWHERE.get(self.host, self.host)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
