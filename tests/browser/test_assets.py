"""Under the strict content policy every style sheet, script and picture arrives, by the names that caches may keep."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from tests.browser.watching import Watch, requests_of

HASHED = re.compile(r"\.[0-9a-f]{12}\.(css|js|svg)$")
_EMPTY_SHEETS = """() => {
  const empty = (sheet) => sheet.cssRules.length
    ? [...sheet.cssRules].flatMap((rule) => rule instanceof CSSImportRule ? empty(rule.styleSheet) : [])
    : [sheet.href];
  return [...document.styleSheets].flatMap(empty);
}"""


class _AsItIs(WSGIHandler):
    """Serves no static files itself, as Django's test server would: the site's own middleware does."""

    def __init__(self, application: WSGIHandler) -> None:
        super().__init__()


@pytest.fixture
def installed_url(settings: Settings, tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """The site as an installation serves it: by WhiteNoise, with collected files."""
    storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": storage}}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["admin"])
    thread = LiveServerThread("localhost", static_handler=_AsItIs)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    yield f"http://localhost:{thread.port}"
    thread.terminate()


def test_styles_scripts_and_pictures_arrive(desk: Page, installed_url: str) -> None:
    with requests_of(desk) as asked:
        desk.goto(f"{installed_url}/contacts/import/")
        desk.wait_for_load_state("networkidle")
    static = [request for request in asked if settings.STATIC_URL in request.url]
    assert {request.resource_type for request in static} >= {"stylesheet", "script", "image"}
    assert not [request.url for request in static if not HASHED.search(request.url)]
    assert not [request.url for request in static if (answer := request.response()) is None or answer.status != 200]
    assert not desk.evaluate(_EMPTY_SHEETS)
    assert desk.evaluate("typeof htmx") == "object"


def test_nothing_inline_is_let_through(desk: Page, watch: Watch) -> None:
    watch.expects("script-src|style-src|Executing inline|Applying inline")
    desk.goto("/contacts/")
    desk.evaluate("""() => document.body.insertAdjacentHTML("beforeend", '<p id="p" style="color: red">x</p>')""")
    desk.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
    }""")
    assert desk.evaluate("getComputedStyle(document.getElementById('p')).color") != "rgb(255, 0, 0)"
    assert desk.evaluate("window.ran") is None
    assert watch.complaints
