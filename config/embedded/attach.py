import signal
import sys
import threading
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psycopg2

from config.embedded.errors import StartError, explain
from config.embedded.folder import Folder
from config.embedded.postgres import Postgres
from config.embedded.sharing import Service, Share
from config.embedded.valkey import Valkey


@dataclass(frozen=True)
class Attachment:
    """What this process uses of a data folder, until it ends."""

    share: Share
    services: list[Service]


def attach(var: Path, environ: MutableMapping[str, str], *, durable: bool = True) -> Attachment:
    """Puts DATABASE_URL, REDIS_URL and SECRET_KEY into `environ`, each unless it is there already.

    The two services of the data folder `var` are started where they do not run, and stopped when their last user ends.
    `durable=False` trades safety after a crash for speed: for tests. Raises StartError, with one sentence.
    """
    folder = Folder(var)
    try:
        folder.open()
        environ["RAPPORT_VAR"] = str(folder.root)
        environ.setdefault("SECRET_KEY", folder.secret("django"))
        return _use(folder, environ, durable=durable)
    except (OSError, psycopg2.Error) as error:
        if sentence := explain(error):
            raise StartError(sentence) from error
        raise


def _use(folder: Folder, environ: MutableMapping[str, str], *, durable: bool) -> Attachment:
    services: list[Service] = [Postgres(folder, durable=durable), Valkey(folder)]
    needed = [service for service in services if not environ.get(service.variable)]
    share = Share(folder, services)
    if needed:
        _end_in_order()
        share.join(needed)
    for service in needed:
        environ[service.variable] = service.url
    return Attachment(share, needed)


def _end_in_order() -> None:
    """Lets `kill` and a closed terminal run the clean-up that the end of the program runs."""
    if threading.current_thread() is not threading.main_thread():
        return
    for sign in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(sign) is signal.SIG_DFL:
            signal.signal(sign, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
