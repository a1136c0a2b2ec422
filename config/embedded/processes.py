import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from config.embedded.account import Account


def launch(
    command: Sequence[str | Path],
    *,
    log: Path,
    folder: Path,
    environ: Mapping[str, str],
    account: Account | None = None,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Starts a program in a session of its own, where neither Ctrl-C nor a closed terminal reaches it."""
    words = account.command(*command) if account else [str(word) for word in command]
    with log.open("ab") as output:
        return subprocess.Popen(
            words,
            **(account.switch() if account else {}),
            cwd=folder,
            env=environ,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def alive(process: psutil.Process | None) -> bool:
    """False also for a zombie (ended, its parent did not ask yet), and for another process of the same number."""
    try:
        return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def find(pid: int | None) -> psutil.Process | None:
    try:
        return None if pid is None else psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def end(processes: Sequence[psutil.Process], *, sign: signal.Signals, patience: float) -> None:
    """Sends `sign`, waits up to `patience` seconds, and kills what is then still there."""
    for process in _outlasting(processes, sign, patience):
        _outlasting([process], signal.SIGKILL, 5)


def _outlasting(processes: Iterable[psutil.Process], sign: signal.Signals, patience: float) -> list[psutil.Process]:
    deadline = time.monotonic() + patience
    rest = list(processes)
    for process in rest:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(sign)
    # Not psutil.wait_procs: it would wait for zombies, which belong to whoever started them.
    while (rest := [process for process in rest if alive(process)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return rest


def lives_in(folder: Path, process: psutil.Process, *, name: str) -> bool:
    """Is this a running program of this name whose current folder is `folder`?"""
    try:
        return alive(process) and process.name() == name and process.cwd() == str(folder)
    except psutil.Error:
        return False


def marked(variable: str, value: str) -> list[psutil.Process]:
    """The running processes, other than this one, that were started with this in their environment."""
    return [
        process
        for process in psutil.process_iter(["environ"])
        if (process.info["environ"] or {}).get(variable) == value and process.pid != os.getpid() and alive(process)
    ]
