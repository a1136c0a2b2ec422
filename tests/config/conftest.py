import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from config.embedded.folder import PROJECT

# What this test run itself was given.
GIVEN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "RAPPORT_VAR", "SITE_URL", "ALLOWED_HOSTS", "PORT", "HOST")


def bare_environ(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return {**kept, "PYTHONPATH": str(PROJECT), **more}


@dataclass
class User:
    """A process that uses the services of a folder."""

    process: subprocess.Popen[str]
    environ: dict[str, str] = field(default_factory=dict)

    def leave(self) -> None:
        if self.process.stdin and not self.process.stdin.closed:
            self.process.communicate(timeout=60)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(self.environ["DATABASE_URL"])
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def ping(self) -> bool:
        with redis.Redis.from_url(self.environ["REDIS_URL"]) as client:
            return bool(client.ping())


def make_room() -> Path:
    """A folder where every user of the machine may come; pytest's own are closed to others."""
    room = Path(tempfile.mkdtemp(prefix="rapport-var-"))
    room.chmod(0o711)
    return room


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A data folder that the tests of a module use one after the other."""
    room = make_room()
    yield room / "var"
    shutil.rmtree(room)


@pytest.fixture
def fresh_var() -> Iterator[Path]:
    """A data folder that does not exist yet."""
    room = make_room()
    yield room / "var"
    shutil.rmtree(room)


@pytest.fixture
def use(var: Path) -> Iterator[Callable[..., User]]:
    """Starts a user of a folder, and returns when it has what it needs; all have left at the end of the test."""
    users: list[User] = []

    def start(folder: Path = var, **environ: str) -> User:
        command = [sys.executable, "-m", "tests.config.embedded_user", str(folder)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=PROJECT, env=bare_environ(**environ)
        )
        users.append(User(process))
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        users[-1].environ = json.loads(line)
        return users[-1]

    yield start
    for user in users:
        user.leave()
