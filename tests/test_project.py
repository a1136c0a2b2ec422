"""What holds the house together and no other check sees: documents, locks and templates that keep to its rules."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

PROJECT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
APPS = {path.parent.name for path in PROJECT.glob("*/apps.py")}
TEMPLATES = PROJECT / "templates"
LAYOUTS = {"base.html", "entrance.html"}
# In parts, or this file would be the one that names them.
PACKAGE_INDEXES = [".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
# What Django itself is told by, not what an installation sets.
OURS_TO_SET = {"DJANGO_SETTINGS_MODULE"}

READ = re.compile(r"""\benv(?:iron)?(?:\.\w+)?[(\[]"([A-Z][A-Z_]+)"|"([A-Z][A-Z_]+)" in os\.environ""")
DOCUMENTED = re.compile(r"^#?([A-Z][A-Z_]+)=", re.MULTILINE)
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)(.*(?:(?<=\\)\n.*)*)", re.MULTILINE)
INLINE = re.compile(
    r"<style\b|<script\b(?![^>]*\ssrc=)|<[^>]*\s(?:style|on[a-z]+|hx-on[\w:-]*)\s*=|javascript:|=[\"']js:",
    re.IGNORECASE,
)
LINK = re.compile(r"]\((?!https?:|#)([^)#\s]+)")


def files(*patterns: str) -> Iterator[Path]:
    """The project's files of these names, without what git ignores."""
    ignored = [".git", *(line.rstrip("/") for line in (PROJECT / ".gitignore").read_text().split())]
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = [name for name in folders if not fits(name, ignored)]
        yield from (Path(folder, name) for name in names if fits(name, patterns) and not fits(name, ignored))


def fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def lines_with(pattern: re.Pattern[str], paths: Iterable[Path]) -> list[str]:
    """Where the pattern is found, as file:line."""
    found = []
    for path in paths:
        text, name = path.read_text(), path.relative_to(PROJECT)
        found += [f"{name}:{text.count(chr(10), 0, match.start()) + 1}" for match in pattern.finditer(text)]
    return found


def pins(lock: str) -> dict[str, tuple[str, str]]:
    """Each package of a lock with its version and what stands behind that: marker and hashes."""
    return {name: (version, rest) for name, version, rest in PIN.findall((PROJECT / lock).read_text())}


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower() for requirement in requirements}


def test_every_variable_of_the_environment_is_documented_and_none_beside() -> None:
    documented = set(DOCUMENTED.findall((PROJECT / ".env.example").read_text()))
    sources = [path for path in files("*.py") if path.relative_to(PROJECT).parts[0] in {*APPS, "manage.py"}]
    read = {name for path in sources for pair in READ.findall(path.read_text()) for name in pair if name}
    containers = (PROJECT / "Dockerfile").read_text() + (PROJECT / "docker-compose.yml").read_text()

    assert read - documented == OURS_TO_SET
    assert {name for name in documented - read if not re.search(rf"\b{name}\b", containers)} == set()


def test_locks_are_hashed_agree_and_hold_all_that_is_asked_for() -> None:
    runtime, embedded, dev = map(pins, ("requirements.lock", "requirements-embedded.lock", "requirements-dev.lock"))
    extras = PYPROJECT["project"]["optional-dependencies"]

    for lock in (runtime, embedded, dev):
        assert [name for name, (_version, rest) in lock.items() if "--hash=sha256:" not in rest] == []
        assert {name: lock[name][0] for name in runtime} == {name: runtime[name][0] for name in runtime}
    assert named(PYPROJECT["project"]["dependencies"]) - runtime.keys() == set()
    assert named(extras["embedded"]) - embedded.keys() == set()
    assert named(extras["dev"]) - dev.keys() == set()


def test_manage_py_needs_the_runtime_lock_alone() -> None:
    """As in the container, and on platforms for which PostgreSQL and Valkey have no builds."""
    optional = pins("requirements-embedded.lock").keys() - pins("requirements.lock").keys()
    without = f"import sys; sys.modules.update(dict.fromkeys({[name.replace('-', '_') for name in optional]}))"
    run = "import runpy; sys.argv = ['manage.py', 'check']; runpy.run_path('manage.py', run_name='__main__')"

    done = subprocess.run([sys.executable, "-c", f"{without}; {run}"], cwd=PROJECT, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()


def test_no_file_names_a_package_index() -> None:
    texts = ((path, path.read_bytes()) for path in files("*"))
    assert [str(path) for path, text in texts if any(host.encode() in text for host in PACKAGE_INDEXES)] == []


def test_imports_run_one_way_without_exceptions() -> None:
    linter = PYPROJECT["tool"]["importlinter"]
    layers = [contract["layers"] for contract in linter["contracts"] if contract["type"] == "layers"]

    assert set(linter["root_packages"]) == APPS
    assert [{app.strip() for layer in each for app in re.split(r"[|:]", layer)} for each in layers] == [APPS]
    assert not any("ignore_imports" in contract for contract in [linter, *linter["contracts"]])


def test_templates_hold_no_inline_style_or_script() -> None:
    assert lines_with(INLINE, files("*.html")) == []


def test_every_page_stands_in_one_of_the_two_layouts() -> None:
    """Also the pages of libraries: none of their own templates shows through."""
    blocks = [path for path in files("*.html") if "{% block " in path.read_text()]
    bare = {path.relative_to(TEMPLATES).as_posix() for path in blocks if "{% extends " not in path.read_text()}
    assert bare == LAYOUTS

    names = {name for name in template_names(get_resolver().url_patterns) if name and name.endswith(".html")}
    assert "account/login.html" in names
    assert [name for name in names if not (TEMPLATES / name).exists()] == []


def template_names(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str | None]:
    """Of the class-based views, those of the Django admin left out."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from template_names(pattern.url_patterns)
        else:
            view = getattr(pattern.callback, "view_class", None)
            # Signing up is closed, and that view has another page then.
            yield getattr(view, "template_name_signup_closed", None) or getattr(view, "template_name", None)


def test_workers_are_woken_only_after_the_commit() -> None:
    sources = (path for path in files("*.py") if path.relative_to(PROJECT).parts[0] in APPS)
    assert lines_with(re.compile(r"\.(?:delay|apply_async)\("), sources) == []


def test_links_of_the_documents_lead_somewhere() -> None:
    links = ((path, link) for path in files("*.md") for link in LINK.findall(path.read_text()))
    assert [f"{path.name}: {link}" for path, link in links if not (path.parent / link).exists()] == []
