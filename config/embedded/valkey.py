import signal
import subprocess
import time
from contextlib import suppress

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded import ports, processes
from config.embedded.account import service_account
from config.embedded.binaries import valkey_server
from config.embedded.errors import StartError
from config.embedded.folder import Folder
from config.embedded.interruptions import deferred

LAUNCHES = 5
PATIENCE_SECONDS = 20.0
AT_ONCE = Retry(NoBackoff(), 0)


class Valkey:
    """The Valkey of a data folder, whoever started it. It keeps nothing: losing all it holds loses no work."""

    name = "Valkey"
    variable = "REDIS_URL"

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._port_file = folder.root / "run" / "valkey.port"
        self._launched: subprocess.Popen[bytes] | None = None
        self._serving: psutil.Process | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self._folder.secret('valkey')}@{ports.LOOPBACK}:{ports.kept(self._port_file)}/0"

    def alive(self) -> bool:
        return processes.alive(self._serving)

    def ensure(self, *, patience: float = PATIENCE_SECONDS) -> None:
        """Returns when it answers; starts it if it does not run. Raises StartError, also after `patience` seconds."""
        self._serving = self._find()
        deadline = time.monotonic() + patience
        for _ in range(LAUNCHES):
            if self._serving is not None:
                return
            with deferred():
                self._launch()
            self._serving = self._await_answer(deadline)
        raise StartError(f"Valkey does not start; {self._folder.log('valkey')} says why.")

    def stop(self) -> None:
        found = self._find() or self._serving
        if found is not None and processes.alive(found):
            processes.end([found], sign=signal.SIGTERM, patience=5)
        self._end_launched()

    def _find(self) -> psutil.Process | None:
        """The server at our port that knows our password, if there is one: it tells its own number."""
        port = ports.kept(self._port_file)
        if port is None:
            return None
        password = self._folder.secret("valkey")
        client = redis.Redis(host=ports.LOOPBACK, port=port, password=password, socket_timeout=2, retry=AT_ONCE)
        try:
            with client:
                return processes.find(int(client.info("server")["process_id"]))
        except redis.RedisError:
            return None

    def _launch(self) -> None:
        self._end_launched()
        folder = self._folder.root / "valkey"
        folder.mkdir(mode=0o700, exist_ok=True)
        account = service_account(program=valkey_server(), folder=self._folder.root, data=folder)
        account.own(folder)
        self._launched = processes.launch(
            [valkey_server(), "-"],
            log=self._folder.log("valkey"),
            folder=folder,
            environ={"LC_ALL": "C"},
            account=account,
            stdin=subprocess.PIPE,
        )
        if self._launched.stdin is not None:
            with suppress(BrokenPipeError), self._launched.stdin as settings:
                settings.write(self._settings(ports.keep_free(self._port_file)))

    def _settings(self, port: int) -> bytes:
        """Read from standard input, so that the password is neither in a file nor in the list of processes."""
        settings = {
            "bind": ports.LOOPBACK,
            "port": port,
            "requirepass": self._folder.secret("valkey"),
            "save": '""',
            "appendonly": "no",
            "daemonize": "no",
            "loglevel": "warning",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items()).encode()

    def _await_answer(self, deadline: float) -> psutil.Process | None:
        """None: it ended before it answered."""
        while self._launched is not None and self._launched.poll() is None:
            if found := self._find():
                return found
            if time.monotonic() > deadline:
                raise StartError(f"Valkey does not answer; {self._folder.log('valkey')} says why.")
            time.sleep(0.05)
        return None

    def _end_launched(self) -> None:
        if self._launched is not None:
            self._launched.kill()
            self._launched.wait()
            self._launched = None
