import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from config.embedded.errors import StartError


@dataclass(frozen=True)
class Account:
    """Under whom a service runs: PostgreSQL refuses to be root."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)

    def command(self, *words: str | Path) -> list[str]:
        return [*self.prefix, *map(str, words)]

    def switch(self) -> "Switch":
        """What `subprocess` must be told to change the user, where the command does not do so itself."""
        if self.prefix or self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


class Switch(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[str | int]


def service_account(*, program: Path, folder: Path, data: Path) -> Account:
    """The present user, or for root an unprivileged one, in a way that can run `program` in `folder`.

    Data that exist already are used as their owner.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    uid, gid = _unprivileged(data)
    for prefix in _prefixes(uid, gid):
        account = Account(uid, gid, prefix)
        if _can_run(account, program, folder):
            return account
    raise StartError(
        f"The built-in servers do not run as root, and user {uid} cannot use {program} in {folder}: "
        "install util-linux (setpriv), or move the project to a folder that other users can enter."
    )


def _unprivileged(data: Path) -> tuple[int, int]:
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return user.pw_uid, user.pw_gid
    raise StartError(
        "The built-in servers do not run as root, and there is no user “postgres” or “nobody” to run it as."
    )


def _prefixes(uid: int, gid: int) -> list[tuple[str, ...]]:
    """The ways to become this user, the one with the fewest powers first.

    Where the project lies below a folder that others cannot enter (/root, a private home), a plain change of user
    could reach neither programs nor data. Opening that folder to everyone is not ours to do, so the service keeps
    one power of root, to look past permissions: to read (dac_read_search), or where a container took that away,
    dac_override. The secure bit keeps access(2), by which PostgreSQL finds its own programs, in step with open(2).
    """
    plain: tuple[str, ...] = ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return [plain]
    become = (setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--securebits=+no_setuid_fixup")
    powers = ("dac_read_search", "dac_override")
    return [plain, *((*become, f"--inh-caps=+{power}", f"--ambient-caps=+{power}") for power in powers)]


def _can_run(account: Account, program: Path, folder: Path) -> bool:
    """Tried, not computed: access lists, mount options and containers have their say too."""
    attempt = account.command("/bin/sh", "-c", 'cd "$1" && "$0" --version', program, folder)
    return subprocess.run(attempt, **account.switch(), capture_output=True, check=False).returncode == 0
