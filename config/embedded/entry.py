"""What `manage.py` does before Django is loaded."""

import os
import secrets
import sys
from collections.abc import MutableMapping, Sequence
from urllib.parse import urlsplit

from config.embedded import site
from config.embedded.attach import attach
from config.embedded.errors import StartError, explain
from config.embedded.folder import var_folder

WITHOUT_SERVICES = {
    "check", "collectstatic", "compilemessages", "diffsettings", "help", "makemessages", "makemigrations",
    "startapp", "version", "--help", "-h", "--version",
}  # fmt: skip
SCHEMES = {"DATABASE_URL": ("postgres", "postgresql"), "REDIS_URL": ("redis", "rediss", "unix")}
EXAMPLES = {
    "DATABASE_URL": "postgres://user:password@127.0.0.1:5432/rapport",
    "REDIS_URL": "redis://:password@127.0.0.1:6379/0",
}


def prepare(argv: Sequence[str], environ: MutableMapping[str, str]) -> None:
    """Puts into `environ` what this command line needs; ends the program with one sentence where that fails."""
    command = argv[1] if len(argv) > 1 else "help"
    if command in WITHOUT_SERVICES or "--help" in argv or "-h" in argv:
        environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
        return
    try:
        _require_urls(environ)
        if command == "up":
            site.claim(environ)
        else:
            attach(var_folder(environ), environ)
    except StartError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(explain(error) or _unexpected(error))


def _require_urls(environ: MutableMapping[str, str]) -> None:
    for name, schemes in SCHEMES.items():
        if environ.get(name) and not _is_url(environ[name], schemes):
            raise StartError(f"{name} must look like {EXAMPLES[name]}.")


def _is_url(value: str, schemes: Sequence[str]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and parts.port != 0
    except ValueError:  # the port is no number, a bracket is not closed
        return False


def _unexpected(error: OSError) -> str:
    return f"{error.filename or 'The system'}: {os.strerror(error.errno or 0)}"
