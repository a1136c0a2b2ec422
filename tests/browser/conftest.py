"""A real browser on the real site: a server of its own, a Celery worker beside it, and an eye on what goes wrong."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.celery import app
from config.models import User
from tests.browser import worker
from tests.browser.looking import DESK
from tests.browser.watching import TELL_OF_BREACHES, Watch

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--in-process-gpu",
    "--disable-features=SpareRendererForSitePerProcess",
    "--num-raster-threads=1",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]
OPTIONS: dict[str, Any] = {"viewport": DESK, "locale": "en-GB", "timezone_id": "Europe/Kyiv"}
RESTING_PLACE = "/static/images/mark.svg"
# The machine may have more to do than this.
expect.set_options(timeout=15_000)


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
def tabs(browser: Browser, base_url: str) -> Iterator[Callable[..., Page]]:
    """Gives the tab of a browser with some options, the same for the same: a fresh one takes a second and more."""
    opened: dict[str, Page] = {}

    def tab(**options: Any) -> Page:
        name = repr(sorted(options.items()))
        if name not in opened:
            context = browser.new_context(**OPTIONS | options, base_url=base_url)
            if options.get("java_script_enabled", True):
                context.add_init_script(TELL_OF_BREACHES)
            opened[name] = context.new_page()
        return opened[name]

    yield tab
    for page in opened.values():
        page.context.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """The eye on every tab of the test; what it sees and did not expect fails the test."""
    eye = Watch()
    yield eye
    eye.close()
    assert not eye.unexpected


@pytest.fixture
def visit(
    tabs: Callable[..., Page], signed_in: Callable[[User], Client], watch: Watch, base_url: str
) -> Iterator[Callable[..., Page]]:
    """Sits down at a browser, as a user or as nobody. Options are those of `Browser.new_context`."""
    used: list[Page] = []

    def sit_down(user: User | None = None, **options: Any) -> Page:
        tab = tabs(**options)
        if tab not in used:
            used.append(tab)
            watch.over(tab.context)
        tab.context.clear_cookies()
        if user:
            session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
            tab.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])
        return tab

    yield sit_down
    for tab in used:
        _tidy(tab)


def _tidy(tab: Page) -> None:
    """Leaves a tab to the next test where it asks the server for nothing."""
    for other in tab.context.pages:
        if other != tab:
            other.close()
    # Then what it still asks for, its icon, is no question to the database, which is emptied next.
    tab.context.clear_cookies()
    tab.goto(RESTING_PLACE)
    tab.set_viewport_size(DESK)
    tab.emulate_media(color_scheme="light")


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """A browser in which nobody has signed in."""
    return visit()


@pytest.fixture
def desk(visit: Callable[..., Page], marketer: User) -> Page:
    """A marketer's browser."""
    return visit(marketer)
