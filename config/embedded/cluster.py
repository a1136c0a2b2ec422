"""Making the files of a new PostgreSQL (initdb)."""

import locale
import os
import shutil
import subprocess
from pathlib import Path

from config.embedded.account import Account
from config.embedded.binaries import postgres_binary
from config.embedded.errors import DISK_IS_FULL, StartError, tells_of_full_disk

# The tools speak English and ask nothing of the user's own settings, whatever LANG, TZ and PG… say.
ENVIRON = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def make_cluster(data: Path, *, account: Account, password: str, durable: bool) -> None:
    """Makes a PostgreSQL in `data`, whole or not at all, with the superuser `postgres`. Raises StartError."""
    for remains in data.parent.glob(f"{data.name}.draft-*"):  # of a first start that was killed
        shutil.rmtree(remains, ignore_errors=True)
    draft = data.with_name(f"{data.name}.draft-{os.getpid()}")
    draft.mkdir(mode=0o700)
    (draft / "password").touch(mode=0o600)
    (draft / "password").write_text(password)
    account.own(draft / "password")
    account.own(draft)
    _initdb(draft, account=account, durable=durable)
    (draft / "data").rename(data)
    shutil.rmtree(draft)


def _initdb(draft: Path, *, account: Account, durable: bool) -> None:
    command = account.command(
        postgres_binary("initdb"),
        f"--pgdata={draft / 'data'}",
        "--username=postgres",
        f"--pwfile={draft / 'password'}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        f"--lc-ctype={_utf8_locale()}",
        "--locale-provider=builtin",
        "--builtin-locale=PG_UNICODE_FAST",
        *(() if durable else ("--no-sync",)),
    )
    made = subprocess.run(
        command,
        **account.switch(),
        cwd="/",
        env=ENVIRON,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if made.returncode != 0:
        raise StartError(reason(made.stderr, what="PostgreSQL could not be set up"))


def _utf8_locale() -> str:
    """A locale that knows letters beyond ASCII: with plain C, trigrams of Cyrillic are silently empty."""
    present = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8"):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        locale.setlocale(locale.LC_CTYPE, present)
        return name
    return "C"


def reason(output: str, *, what: str) -> str:
    """One sentence from what a PostgreSQL program printed before it gave up."""
    if tells_of_full_disk(output):
        return DISK_IS_FULL
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
    return f"{what}: {(telling or lines or ['it said nothing'])[-1]}"
