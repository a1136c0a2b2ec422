import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import StartError
from config.embedded.locks import Lock

PROJECT = Path(__file__).resolve().parents[2]
ROOM_BYTES = 300 * 1024**2
PARTS = ("run", "logs", "secrets")
LOG_BYTES = 10 * 1024**2


def var_folder(environ: Mapping[str, str]) -> Path:
    """The data folder that RAPPORT_VAR names; `var` beside manage.py if it names none."""
    return Path(environ.get("RAPPORT_VAR") or PROJECT / "var").resolve()


@dataclass(frozen=True)
class Folder:
    """The data folder: who made what in it, and the secrets only it knows."""

    root: Path

    def open(self) -> None:
        """Makes what is missing. Raises StartError where it cannot be written or the disk is nearly full."""
        try:
            # Others may pass through, since as root PostgreSQL is another user, but not look around.
            self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
            self._require_room()
            for part in PARTS:
                (self.root / part).mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root / "run"):
                pass
        except OSError as error:
            raise StartError(
                f"{self.root} cannot be written ({error.strerror}): mend that, or name another folder in RAPPORT_VAR."
            ) from error

    def _require_room(self) -> None:
        free = shutil.disk_usage(self.root).free
        if free < ROOM_BYTES:
            raise StartError(
                f"The disk of {self.root} is nearly full ({free // 1024**2} MB free): "
                f"make room for at least {ROOM_BYTES // 1024**2} MB, or name another data folder in RAPPORT_VAR."
            )

    def secret(self, name: str) -> str:
        """The secret of this name: made on the first call, the same ever after, readable by the owner alone."""
        path = self.root / "secrets" / name
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                os.link(draft, path)  # the first of two at once wins, and a half-written one is never seen
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text()

    def lock(self, name: str) -> Lock:
        return Lock(self.root / "run" / f"{name}.lock")

    def log(self, name: str) -> Path:
        """The log file of this name; one that has grown large is set aside first, in place of its predecessor."""
        path = self.root / "logs" / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path
