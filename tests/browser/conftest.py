"""A real browser on the real site: a server of its own, a Celery worker beside it, and an eye on what goes wrong."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.celery import app
from config.models import User
from contacts.models import ContactList
from tests.browser import worker
from tests.browser.looking import DESK
from tests.browser.watching import TELL_OF_BREACHES, Watch

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]
OPTIONS: dict[str, Any] = {"viewport": DESK, "locale": "en-GB", "timezone_id": "Europe/Kyiv"}
# The machine may have more to do than this.
expect.set_options(timeout=15_000)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        absent = f"No browser is installed: none of {', '.join(BROWSERS)} is in the PATH"
        pytest.fail(absent) if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip(absent)
    return browser_type_launch_args | {"executable_path": executable, "args": ARGUMENTS}


@pytest.fixture(scope="session", autouse=True)
def _beside_an_event_loop() -> Iterator[None]:
    """Playwright leaves an event loop in the thread of the tests; they use the database in it as if there were none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session", autouse=True)
def _default_list_stays() -> Iterator[None]:
    """Emptying the tables after each test takes away what a migration has put there."""

    def make(**_signal: Any) -> None:
        ContactList.objects.get_or_create(is_default=True, defaults={"name": "Default Contact List"})

    sender = apps.get_app_config("contacts")
    post_migrate.connect(make, sender=sender)
    yield
    post_migrate.disconnect(make, sender=sender)


@pytest.fixture(scope="session")
def celery_worker(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[None]:
    broker = worker.own_broker(settings.REDIS_URL, worker_id)
    database = worker.named_database(os.environ["DATABASE_URL"], connection.settings_dict["NAME"])
    log = tmp_path_factory.mktemp("worker") / "log"
    with worker.sending_to(broker, app), worker.running(log, DATABASE_URL=database, REDIS_URL=broker):
        yield


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    return live_server.url


@pytest.fixture(scope="session")
def windows(browser: Browser, base_url: str) -> Iterator[Callable[..., BrowserContext]]:
    """Gives the browser of some options, the same for the same: a fresh one would take a second and more each time."""
    opened: dict[str, BrowserContext] = {}

    def window(**options: Any) -> BrowserContext:
        name = repr(sorted(options.items()))
        if name not in opened:
            opened[name] = browser.new_context(**OPTIONS | options, base_url=base_url)
            if options.get("java_script_enabled", True):
                opened[name].add_init_script(TELL_OF_BREACHES)
        return opened[name]

    yield window
    for context in opened.values():
        context.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The eye on every tab of the test; what it sees and did not expect fails the test."""
    eye = Watch()
    yield eye
    eye.close()
    assert not eye.unexpected


@pytest.fixture
def visit(
    windows: Callable[..., BrowserContext], signed_in: Callable[[User], Client], watch: Watch, base_url: str
) -> Iterator[Callable[..., Page]]:
    """Opens a tab for a user or for nobody, as if on another day. Options are those of `Browser.new_context`."""
    used: list[BrowserContext] = []

    def open_tab(user: User | None = None, **options: Any) -> Page:
        context = windows(**options)
        if context not in used:
            used.append(context)
            watch.over(context)
        context.clear_cookies()
        if user:
            session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])
        return context.new_page()

    yield open_tab
    for tab in [tab for context in used for tab in context.pages]:
        tab.close()


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """A tab in which nobody has signed in."""
    return visit()


@pytest.fixture
def desk(visit: Callable[..., Page], marketer: User) -> Page:
    """A marketer's tab."""
    return visit(marketer)
