"""Where everything here takes place: PostgreSQL, Valkey and a data folder that nothing else uses."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import psycopg2
from django.db import connection
from django.utils.module_loading import import_string
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class that psycopg2 spells like a function
from psycopg2.sql import SQL, Identifier

from config.embedded import Folder, StartError, attach
from config.embedded.attach import Attachment
from config.embedded.postgres import ROLE

_STARTED = time.monotonic()
# What the one who starts a measurement may have set for sites of their own.
_OTHERS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "RAPPORT_VAR", "SITE_URL", "ALLOWED_HOSTS", "DEBUG")


# Without the months of events, which come with the events.
_SCHEMA = """
    WITH months AS (SELECT relname FROM pg_class WHERE relispartition)
    SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT IN (SELECT relname FROM months)
    UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename NOT IN (SELECT relname FROM months) ORDER BY 1, 2
"""


class Stand:
    """The services, the databases on them, and processes that use one of these."""

    def __init__(self, attachment: Attachment) -> None:
        self.attachment = attachment
        self.folder = Path(os.environ["RAPPORT_VAR"])
        self.work = self.folder / "bench"
        self.work.mkdir(exist_ok=True)
        self.log = self.folder / "logs" / "bench.log"

    def database(self, name: str, *, like: str | None = None) -> str:
        """Makes a database anew, without tables or as a copy of another one, and returns its URL."""
        made = SQL("CREATE DATABASE {} OWNER {}").format(Identifier(name), Identifier(ROLE))
        if like is not None:
            made += SQL(" TEMPLATE {} STRATEGY file_copy").format(Identifier(like))
        with self.superuser() as cursor:
            cursor.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
            cursor.execute(made)
        return self.url(name)

    def has_database(self, name: str) -> bool:
        with self.superuser() as cursor:
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            return cursor.rowcount == 1

    def schema(self, name: str) -> list[tuple[str, ...]]:
        """The columns and indexes of a database, to tell whether two are alike."""
        with self.superuser(name) as cursor:
            cursor.execute(_SCHEMA)
            return cursor.fetchall()

    def url(self, name: str) -> str:
        return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()

    @contextmanager
    def superuser(self, name: str = "postgres") -> Iterator[Cursor]:
        """A cursor of PostgreSQL's superuser in a database, each statement its own transaction."""
        place = urlsplit(os.environ["DATABASE_URL"])
        connection = psycopg2.connect(
            host=place.hostname,
            port=place.port,
            user="postgres",
            password=Folder(self.folder).secret("postgres"),
            dbname=name,
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def migrate(self, name: str) -> None:
        self.call("django.core.management.call_command", "migrate", "--verbosity=0", on=name)

    def call(self, function: str, *arguments: str | int, on: str) -> Any:
        """What a function, named by its path, returns in a process of its own, with Django on the database `on`.

        The process is a fork, as Celery's workers are, so that its memory is that of one.
        """
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
            return pool.submit(_work, self.log, on, function, arguments).result()


def _work(log: Path, database: str, function: str, arguments: Sequence[str | int]) -> Any:
    with log.open("ab") as output:
        os.dup2(output.fileno(), sys.stderr.fileno())
    connection.settings_dict["NAME"] = database
    return import_string(function)(*arguments)


@contextmanager
def stand() -> Iterator[Stand]:
    """The services of a fresh temporary folder, or of BENCH_VAR, which is kept. They end with the block."""
    kept = os.environ.get("BENCH_VAR")
    room = Path(kept or tempfile.mkdtemp(prefix="rapport-bench-")).resolve()
    for name in _OTHERS:
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    try:
        if not kept:
            room.chmod(0o711)  # as root, PostgreSQL is another user
        attachment = attach(room / "var", os.environ)
        try:
            django.setup()
            yield Stand(attachment)
        finally:
            attachment.share.leave()
    except StartError as error:
        sys.exit(str(error))
    finally:
        if not kept:
            shutil.rmtree(room, ignore_errors=True)


def say(text: str) -> None:
    """A line for whoever waits, beside the tables on standard output."""
    print(f"{time.monotonic() - _STARTED:5.0f} s  {text}", file=sys.stderr, flush=True)
