"""Gives a test run a PostgreSQL and a Valkey of its own, unless DATABASE_URL and REDIS_URL name others.

Loaded by `-p tests.services`, before any settings are read. The workers of pytest-xdist inherit what it sets.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from config.embedded import StartError, attach


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _attach()
    yield


def _attach() -> None:
    room = Path(tempfile.mkdtemp(prefix="rapport-tests-"))
    room.chmod(0o711)  # as root, PostgreSQL is another user
    atexit.register(shutil.rmtree, room, ignore_errors=True)
    try:
        attach(room / "var", os.environ, durable=False)
    except StartError as error:
        raise pytest.UsageError(str(error)) from error
