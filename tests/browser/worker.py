"""A Celery worker as the site has one, on the database of the tests and on a numbered database of the broker."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from celery import Celery

COMMAND = [
    sys.executable,
    "-m",
    "celery",
    "--app=config",
    "worker",
    "--pool=solo",
    "--without-gossip",
    "--without-mingle",
]
# Valkey has sixteen databases; the first is everybody's.
DATABASES = 15


def own_broker(url: str, process: str) -> str:
    """The address of the broker's database for one process of pytest-xdist, "master" or "gw0", "gw1" …"""
    number = 1 + int("0" + "".join(filter(str.isdecimal, process))) % DATABASES
    return urlsplit(url)._replace(path=f"/{number}").geturl()


def named_database(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def sending_to(broker: str, app: Celery) -> Iterator[None]:
    """Lets this process send its messages there."""
    before = app.conf.broker_url
    _send_to(broker, app)
    yield
    _send_to(before, app)


def _send_to(broker: str, app: Celery) -> None:
    app.conf.update(broker_url=broker)
    vars(app).pop("amqp", None)  # with its connections to the other one


@contextmanager
def running(log: Path, **environ: str) -> Iterator[None]:
    """A worker for as long as the block lasts. It must end as it was asked to, without any error in its log."""
    with (
        log.open("w") as output,
        subprocess.Popen(COMMAND, env=os.environ | environ, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            yield
        finally:
            process.terminate()
            code = process.wait(30)
    said = log.read_text()
    assert code == 0, said
    assert "Traceback" not in said, said
