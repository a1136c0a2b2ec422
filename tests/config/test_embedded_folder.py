import importlib.util
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from config.embedded import StartError, attach
from config.embedded.folder import LOG_BYTES, Folder

Usage = namedtuple("Usage", "total used free")


def test_a_nearly_full_disk_is_told_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, 12 * 1024**2))
    with pytest.raises(StartError, match=r"nearly full \(12 MB free\): make room for at least 300 MB"):
        attach(tmp_path / "var", {})
    assert list((tmp_path / "var").iterdir()) == []


@pytest.mark.parametrize("place", ["/proc/rapport", "/dev/null", "/dev/null/rapport"])
def test_a_folder_that_cannot_be_made_is_told_with_the_way_out(place: str) -> None:
    with pytest.raises(StartError, match=f"{place} cannot be written .*RAPPORT_VAR"):
        attach(Path(place), {})


def test_without_builds_for_the_platform_it_names_the_two_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(StartError, match="set DATABASE_URL and REDIS_URL to servers of your own"):
        attach(tmp_path / "var", {})


def test_with_both_servers_given_nothing_but_a_key_is_made(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgres://db/rapport", "REDIS_URL": "redis://broker"}
    environ = dict(given)
    attach(tmp_path / "var", environ)
    assert environ == {**given, "SECRET_KEY": environ["SECRET_KEY"], "RAPPORT_VAR": str(tmp_path / "var")}
    assert len(environ["SECRET_KEY"]) >= 50


def test_a_secret_stays_the_same(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.open()
    assert folder.secret("one") == Folder(tmp_path).secret("one") != folder.secret("two")


def test_a_log_that_has_grown_large_is_set_aside(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.open()
    with folder.log("web").open("wb") as log:
        log.truncate(LOG_BYTES + 1)
    assert not folder.log("web").exists()
    assert (tmp_path / "logs" / "web.log.1").exists()
