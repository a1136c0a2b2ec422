import signal
import subprocess
import time

import psutil
import psycopg2
import psycopg2.extensions
from psycopg2 import sql

from config.embedded import ports, processes
from config.embedded.account import Account, service_account
from config.embedded.binaries import postgres_binary
from config.embedded.cluster import ENVIRON, make_cluster, reason
from config.embedded.errors import StartError
from config.embedded.folder import Folder
from config.embedded.interruptions import deferred

LAUNCHES = 5
# Recovery after a crash may have gigabytes of log to replay.
PATIENCE_SECONDS = 300.0
STOP_SECONDS = 30.0
ROLE = "rapport"


class Postgres:
    """The PostgreSQL of a data folder, whoever started it."""

    name = "PostgreSQL"
    variable = "DATABASE_URL"

    def __init__(self, folder: Folder, *, durable: bool = True) -> None:
        self._folder = folder
        self._data = folder.root / "postgres"
        self._port_file = folder.root / "run" / "postgres.port"
        self._durable = durable
        self._launched: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self._serving: psutil.Process | None = None

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}:{self._folder.secret(ROLE)}@{ports.LOOPBACK}:{self._port}/{ROLE}"

    def alive(self) -> bool:
        return processes.alive(self._serving)

    def ensure(self, *, patience: float = PATIENCE_SECONDS) -> None:
        """Returns when it answers; starts it if it does not run. Raises StartError, also after `patience` seconds."""
        deadline = time.monotonic() + patience
        for _ in range(LAUNCHES):
            self._serving = self._find()
            if self._serving is None:
                with deferred():
                    self._serving = self._launch()
            if self._await_answer(deadline):
                self._furnish()
                return
        raise StartError(reason(self._last_words(), what="PostgreSQL does not start"))

    def stop(self) -> None:
        """Ends it, if it runs; everything committed stays."""
        found = self._find() or processes.find(self._launched.pid if self._launched else None) or self._serving
        if found is not None:
            processes.end([found], sign=signal.SIGINT, patience=STOP_SECONDS)
        self._reap()

    @property
    def _port(self) -> int:
        return ports.kept(self._port_file) or 0

    def _find(self) -> psutil.Process | None:
        """The running server of these data. It writes its number and port on the first and fourth line of its file."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            found = processes.find(int(lines[0]))
            port = int(lines[3])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        if found is None or not processes.lives_in(self._data, found, name="postgres"):
            return None
        if port != self._port:
            self._port_file.write_text(str(port))
        return found

    def _launch(self) -> psutil.Process:
        account = self._account()
        if not (self._data / "PG_VERSION").exists():
            password = self._folder.secret("postgres")
            make_cluster(self._data, account=account, password=password, durable=self._durable)
        self._clear_remains()
        port = ports.keep_free(self._port_file)
        self._reap()
        log = self._folder.log("postgres")
        self._log_start = log.stat().st_size if log.exists() else 0
        self._launched = processes.launch(
            [postgres_binary("postgres"), "-D", self._data, *self._settings(port)],
            log=log,
            folder=self._folder.root,
            environ=ENVIRON,
            account=account,
        )
        return psutil.Process(self._launched.pid)

    def _account(self) -> Account:
        return service_account(program=postgres_binary("initdb"), folder=self._folder.root, data=self._data)

    def _clear_remains(self) -> None:
        """After a kill -9: helpers may still be there, and the number in its file may be another process's by now."""
        helpers = [each for each in psutil.process_iter() if processes.lives_in(self._data, each, name="postgres")]
        processes.end(helpers, sign=signal.SIGQUIT, patience=5)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _settings(self, port: int) -> list[str]:
        settings = {
            "listen_addresses": ports.LOOPBACK,
            "port": port,
            "unix_socket_directories": "",
            "shared_buffers": f"{_shared_buffers_mb()}MB",
            "max_wal_size": "4GB",
            "wal_compression": "off",
            "jit": "off",
            # Values (addresses, names) stay out of the log.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _await_answer(self, deadline: float) -> bool:
        """False: it ended before it answered."""
        while processes.alive(self._serving):
            try:
                self._connect().close()
            except psycopg2.OperationalError as error:
                if not _passing(error):
                    raise StartError(reason(str(error), what=f"The PostgreSQL of {self._data} refuses")) from error
            else:
                return True
            if time.monotonic() > deadline:
                raise StartError(f"PostgreSQL does not answer; {self._folder.log('postgres')} says why.")
            time.sleep(0.05)
        return False

    def _connect(self) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host=ports.LOOPBACK,
            port=self._port,
            user="postgres",
            password=self._folder.secret("postgres"),
            dbname="postgres",
            connect_timeout=5,
            sslmode="disable",
        )

    def _furnish(self) -> None:
        """The application's role and database; it may create test databases, but is no superuser."""
        connection = self._connect()
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [ROLE])
                if cursor.rowcount == 0:
                    make_role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
                    cursor.execute(make_role.format(sql.Identifier(ROLE), sql.Literal(self._folder.secret(ROLE))))
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [ROLE])
                if cursor.rowcount == 0:
                    cursor.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(ROLE)))
        finally:
            connection.close()

    def _last_words(self) -> str:
        return self._folder.log("postgres").read_bytes()[self._log_start :].decode(errors="replace")

    def _reap(self) -> None:
        if self._launched is not None:
            self._launched.wait()
            self._launched = None


def _passing(error: psycopg2.OperationalError) -> bool:
    """Not listening yet, starting up or recovering, or full for the moment; a wrong password does not pass."""
    words = str(error)
    return "FATAL" not in words or "the database system is" in words or "connection slots" in words


def _shared_buffers_mb() -> int:
    """A quarter of the memory, at most 4 GB."""
    return min(psutil.virtual_memory().total // 4, 4 * 1024**3) // 1024**2
