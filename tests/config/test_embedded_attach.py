"""The built-in PostgreSQL and Valkey: shared by the commands of a folder, found again after any crash."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg2
import pytest

from config.embedded.binaries import postgres_binary
from config.embedded.processes import lives_in
from tests.config.conftest import User

Use = Callable[..., User]


def postmaster(var: Path) -> psutil.Process:
    return psutil.Process(int((var / "postgres" / "postmaster.pid").read_text().split()[0]))


def valkey(var: Path) -> psutil.Process:
    [found] = [each for each in psutil.process_iter() if lives_in(var / "valkey", each, name="valkey-server")]
    return found


def running_below(var: Path) -> list[str]:
    below = []
    for process in psutil.process_iter(["cwd", "name"]):
        if (process.info["cwd"] or "").startswith(str(var)) and process.status() != psutil.STATUS_ZOMBIE:
            below.append(process.info["name"])
    return below


def test_two_users_share_the_services_and_the_last_one_stops_them(use: Use, var: Path) -> None:
    first, second = use(), use()
    server = postmaster(var)
    assert first.environ == second.environ
    first.leave()
    assert second.sql("SELECT 1") == [(1,)]
    assert second.ping()
    assert postmaster(var) == server
    second.leave()
    assert running_below(var) == []


def test_data_address_and_key_stay_between_starts(use: Use) -> None:
    first = use()
    first.sql("CREATE TABLE kept AS SELECT 6 + 1 AS n")
    first.leave()
    second = use()
    assert second.environ == first.environ
    assert second.sql("SELECT n FROM kept") == [(7,)]


def test_services_of_a_killed_user_are_adopted_and_stopped(use: Use, var: Path) -> None:
    killed = use()
    before = postmaster(var), valkey(var)
    killed.process.kill()
    killed.process.wait()
    second = use()
    assert (postmaster(var), valkey(var)) == before
    second.leave()
    assert running_below(var) == []


def test_a_terminated_user_still_stops_them(use: Use, var: Path) -> None:
    user = use()
    user.process.terminate()
    user.process.wait(timeout=60)
    assert running_below(var) == []


@pytest.mark.parametrize("kill_all", [False, True], ids=["the server alone", "with its helpers"])
def test_what_was_committed_survives_a_killed_postgresql(use: Use, var: Path, *, kill_all: bool) -> None:
    user = use()
    user.sql("CREATE TABLE IF NOT EXISTS survivors (n int)")
    user.sql("TRUNCATE survivors")
    user.sql("INSERT INTO survivors VALUES (7)")
    server = postmaster(var)
    helpers = server.children() if kill_all else []
    for process in [server, *helpers]:
        process.kill()
    second = use()
    assert second.sql("SELECT n FROM survivors") == [(7,)]
    assert postmaster(var) != server


def test_a_killed_valkey_is_started_again(use: Use, var: Path) -> None:
    use()
    valkey(var).kill()
    assert use().ping()


def test_a_pid_file_of_a_process_that_is_not_postgresql_is_seen_through(use: Use, var: Path) -> None:
    use().leave()
    stale = var / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{var}/postgres\n1\n5432\n\n127.0.0.1\n1 1\nready\n")
    os.chown(stale, stale.parent.stat().st_uid, stale.parent.stat().st_gid)
    assert use().sql("SELECT 1") == [(1,)]


def test_a_first_start_that_was_killed_is_begun_anew(fresh_var: Path, use: Use) -> None:
    draft = fresh_var / "postgres.draft-1" / "data"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18")
    assert use(fresh_var).sql("SELECT 1") == [(1,)]
    assert not draft.exists()


def test_another_port_is_taken_where_the_old_one_is_not_free(use: Use) -> None:
    first = use()
    first.leave()
    old = urlsplit(first.environ["DATABASE_URL"]).port
    with socket.create_server(("127.0.0.1", old or 0)):
        second = use()
        assert urlsplit(second.environ["DATABASE_URL"]).port != old
        assert second.sql("SELECT 1") == [(1,)]


def test_cyrillic_is_searchable_whatever_the_language_of_the_terminal(fresh_var: Path, use: Use) -> None:
    user = use(fresh_var, LANG="tr_TR.UTF-8", LC_ALL="tr_TR.UTF-8", PGHOST="nowhere.invalid", PGUSER="nobody")
    user.sql("CREATE EXTENSION pg_trgm")
    assert user.sql(
        "SELECT upper('їжак'), cardinality(show_trgm('їжак')), similarity('Шевченко', 'шевченка') > 0.5"
    ) == [("ЇЖАК", 5, True)]


def test_the_application_may_make_databases_but_is_no_superuser(use: Use) -> None:
    user = use()
    assert user.sql("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user") == [(False, True)]


def test_it_listens_on_the_loopback_alone_and_asks_for_the_password(use: Use, var: Path) -> None:
    url = use().environ["DATABASE_URL"]
    for server in (postmaster(var), valkey(var)):
        listening = [each.laddr.ip for each in server.net_connections() if each.status == psutil.CONN_LISTEN]
        assert listening == ["127.0.0.1"]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(url.replace(urlsplit(url).password or "", "wrong"))


def test_secrets_are_for_their_owner_alone(use: Use, var: Path) -> None:
    use().leave()
    assert {path.stat().st_mode & 0o777 for path in (var / "secrets").iterdir()} == {0o600}


def test_only_what_was_not_given_is_started(fresh_var: Path, use: Use) -> None:
    user = use(fresh_var, DATABASE_URL="postgres://somewhere.invalid/else")
    assert user.environ["DATABASE_URL"] == "postgres://somewhere.invalid/else"
    assert user.ping()
    assert not (fresh_var / "postgres").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the user that PostgreSQL runs as")
def test_as_root_it_runs_unprivileged_below_folders_that_others_cannot_enter(use: Use, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = postgres_binary("postgres").parents[2]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, closed / part.name)
    user = use(closed / "var", PYTHONPATH=f"{closed}:{Path.cwd()}")
    assert user.sql("SELECT 1") == [(1,)]
    assert user.ping()
    server = postmaster(closed / "var")
    assert server.exe().startswith(str(closed))
    assert server.uids().effective != 0
    assert valkey(closed / "var").uids().effective != 0
    assert closed.stat().st_mode & 0o777 == 0o700
