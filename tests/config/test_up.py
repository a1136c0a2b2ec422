"""`manage.py up`, as a person meets it at the terminal. The tests pass one running site on, from one to the next."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psutil
import psycopg2
import pytest

from config.embedded.folder import PROJECT
from config.embedded.processes import alive, marked
from config.embedded.site import MARK
from tests.config.conftest import bare_environ

T = TypeVar("T")
PATIENCE = 120
DATABASE = "postgres://someone:sesame@127.0.0.1:1/rapport"
BROKER = "redis://:sesame@127.0.0.1:1/0"


def until(found: Callable[[], T]) -> T:
    """What `found` returns, as soon as that is true."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError(f"not within {PATIENCE} seconds")


class Site:
    """A data folder and the processes on it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.output = var.parent / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def environ(self, **more: str) -> dict[str, str]:
        own = {"RAPPORT_VAR": str(self.var), "PORT": str(self.port), "DEMO": "0", "ADMIN_USERNAME": "olena"}
        return bare_environ(**{**own, **more})

    def start(self) -> "Site":
        with self.output.open("wb") as output:
            command = [sys.executable, "manage.py", "up"]
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env=self.environ(), stdout=output, stderr=subprocess.STDOUT
            )
        until(lambda: "is ready" in self.said() or self.process is None or self.process.poll() is not None)
        assert f"Rapport is ready: http://127.0.0.1:{self.port}/" in self.said()
        return self

    def said(self) -> str:
        return self.output.read_text()

    def stop(self, sign: signal.Signals = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(sign)
        return self.process.wait(timeout=PATIENCE)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def parts(self) -> dict[str, psutil.Process]:
        """The processes whose end the site must survive, by name."""
        found = {}
        for process in marked(MARK, str(self.var)):
            if process.ppid() == (self.process.pid if self.process else 0):
                words = process.cmdline()
                found[_name(words)] = process
        for process in psutil.process_iter(["name", "cwd", "ppid"]):
            cwd, name = process.info["cwd"], process.info["name"]
            if cwd == str(self.var / "valkey"):
                found["valkey"] = process
            if cwd == str(self.var / "postgres") and name == "postgres" and _is_first(process):
                found["postgres"] = process
        return found

    def left(self) -> list[psutil.Process]:
        below = [p for p in psutil.process_iter(["cwd"]) if (p.info["cwd"] or "").startswith(str(self.var))]
        return [p for p in [*below, *marked(MARK, str(self.var))] if alive(p)]

    def try_up(self, **environ: str) -> tuple[int, str]:
        """Status and words of an `up` that is expected to give up."""
        done = subprocess.run(
            [sys.executable, "manage.py", "up"], cwd=PROJECT, env=self.environ(**environ), capture_output=True,
            text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        return done.returncode, done.stderr

    def users(self) -> int:
        secret = (self.var / "secrets" / "rapport").read_text()
        port = (self.var / "run" / "postgres.port").read_text()
        connection = psycopg2.connect(f"postgres://rapport:{secret}@127.0.0.1:{port}/rapport")
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM config_user WHERE username = 'olena' AND is_superuser")
            [(count,)] = cursor.fetchall()
        connection.close()
        return int(count)


def _is_first(process: psutil.Process) -> bool:
    parent = process.parent()
    return parent is None or parent.name() != "postgres"


@pytest.fixture(scope="module")
def site(var: Path) -> Iterator[Site]:
    running = Site(var).start()
    yield running
    if running.process and running.process.poll() is None:
        running.stop()
    assert running.left() == []


def test_the_first_start_makes_the_administrator_and_shows_the_password_once(site: Site) -> None:
    assert site.said().count("Made the administrator olena with the password ") == 1
    assert "Sign in as olena" in site.said()
    assert site.users() == 1


def test_a_second_one_on_the_same_data_says_where_the_first_is(site: Site) -> None:
    status, words = site.try_up(PORT=str(site.port + 1))
    assert (status, words) == (1, f"Rapport already runs on {site.var}: http://127.0.0.1:{site.port}\n")
    assert site.answers()


def test_a_taken_port_is_told_before_anything_is_started(site: Site, fresh_var: Path) -> None:
    status, words = site.try_up(RAPPORT_VAR=str(fresh_var))
    assert (status, words.count("\n")) == (1, 1)
    assert f"Port {site.port} is taken" in words
    assert not (fresh_var / "postgres").exists()


def test_a_command_beside_it_uses_its_services_and_leaves_them_running(site: Site) -> None:
    before = site.parts()
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c"]
    code = "from config.models import User; print(User.objects.count())"
    done = subprocess.run([*command, code], cwd=PROJECT, env=site.environ(), capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
    assert site.parts() == before
    assert site.answers()


def _name(words: list[str]) -> str:
    """Which part a command starts."""
    if "gunicorn" in words:
        return "web"
    for queue, name in (("delivery", "sender"), ("segments", "segments")):
        if f"--queues={queue}" in words:
            return name
    return "worker" if "worker" in words else "beat"


@pytest.mark.parametrize("name", ["web", "worker", "segments", "sender", "beat", "postgres", "valkey"])
def test_a_killed_part_comes_back(site: Site, name: str) -> None:
    victim = site.parts()[name]
    victim.kill()
    until(lambda: site.parts().get(name) not in {None, victim})
    until(site.answers)
    assert "starting it again" in site.said()
    assert site.users() == 1


def test_after_a_kill_of_all_its_parts_at_once_the_next_start_finds_everything(site: Site) -> None:
    assert site.process is not None
    before = site.parts()
    site.process.kill()
    site.process.wait()
    before["worker"].kill()
    site.start()
    after = site.parts()
    assert {name: after[name] == before[name] for name in sorted(after)} == {
        "beat": False, "postgres": True, "segments": False, "sender": False, "valkey": True, "web": False,
        "worker": False,
    }  # fmt: skip
    assert not any(alive(before[name]) for name in ("web", "worker", "segments", "sender", "beat"))
    assert "Made the administrator" not in site.said()
    assert site.users() == 1


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_and_leaves_no_process(site: Site, sign: signal.Signals) -> None:
    if not site.left():
        site.start()
    assert site.stop(sign) == 0
    assert site.left() == []
    assert "Traceback" not in site.said()


@pytest.mark.parametrize(("name", "url"), [("DATABASE_URL", DATABASE), ("REDIS_URL", BROKER)])
def test_an_unreachable_server_is_told_without_its_password(site: Site, name: str, url: str) -> None:
    status, words = site.try_up(**{name: url})
    assert (status, words.count("\n")) == (1, 1)
    assert f"{name} cannot be used (127.0.0.1:1" in words
    assert "refused" in words
    assert "sesame" not in words
    assert site.left() == []
