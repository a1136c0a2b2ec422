"""`bin/venv`, tried in a project of one package that it finds in a folder beside it."""

import hashlib
import os
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections import namedtuple
from importlib.util import find_spec
from pathlib import Path

import pytest

from config.embedded.folder import PROJECT

NOWHERE = f"--no-index\nnowhere==1.0 --hash=sha256:{'0' * 64}\n"
Usage = namedtuple("Usage", "total used free")


def lock(project: Path, version: str) -> None:
    """Writes a lock of the package `tiny`, and the package."""
    wheel = project / f"tiny-{version}-py3-none-any.whl"
    facts = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", f"version = {version!r}\n")
        archive.writestr(f"{facts}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        archive.writestr(f"{facts}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{facts}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (project / "requirements.lock").write_text(f"--no-index\n--find-links .\ntiny=={version} --hash=sha256:{digest}\n")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    shutil.copy(PROJECT / "bin" / "venv", tmp_path / "bin")
    lock(tmp_path, "1.0")
    return tmp_path


def make(project: Path, *locks: str, **environ: str) -> tuple[int, str]:
    """Runs it as the Makefile does: status, and what it said."""
    command = [sys.executable, "bin/venv", "requirements.lock", *locks]
    given = {**os.environ, "DATABASE_URL": "", "REDIS_URL": "", **environ}
    done = subprocess.run(command, cwd=project, env=given, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def installed(project: Path) -> str:
    code = "import tiny; print(tiny.version)"
    run = subprocess.run([project / ".venv/bin/python", "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_follows_the_lock_and_otherwise_does_nothing(project: Path) -> None:
    status, said = make(project, PIP_USER="1", PIP_TARGET=str(project / "elsewhere"))
    assert (status, said.count("\n")) == (0, 1)
    assert installed(project) == "1.0"
    assert make(project) == (0, "")

    lock(project, "1.1")
    assert make(project)[0] == 0
    assert installed(project) == "1.1"

    (project / "requirements.lock").write_text(NOWHERE)
    status, said = make(project)
    assert status == 1
    assert "requirements.lock could not be installed: No matching distribution found for nowhere" in said


def test_mends_a_half_made_one_and_goes_on_without_services_that_have_no_build_here(project: Path) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").touch()
    (project / "requirements-embedded.lock").write_text(NOWHERE)
    status, said = make(project, "requirements-embedded.lock")
    assert status == 0
    assert "set DATABASE_URL and REDIS_URL to your own" in said
    assert installed(project) == "1.0"


def give_up(project: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "argv", ["bin/venv", "requirements.lock"])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(project / "bin" / "venv"), run_name="__main__")
    assert not (project / ".venv").exists()
    return str(end.value)


def test_an_old_python_is_told_which_one_is_needed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "hexversion", 0x030A0CF0)
    assert give_up(project, monkeypatch).startswith("Python 3.11 or newer is needed")


def test_a_python_without_venv_is_told_what_to_install(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else find_spec(name))
    assert "apt install python3-venv" in give_up(project, monkeypatch)


def test_a_full_disk_is_told_before_anything_is_made(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, 5 * 1024**2))
    assert "nearly full" in give_up(project, monkeypatch)
