"""What a browser complains of while it shows the site: errors of scripts, missing files, the content policy."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

# For a page's own start: Chromium does not write every breach of the policy to the console.
TELL_OF_BREACHES = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@contextmanager
def requests_of(page: Page) -> Iterator[list[Request]]:
    """Collects what a page asks the server for."""
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.on("request", note)
    yield asked
    page.remove_listener("request", note)


# A request that a newer one has replaced, or whose page was left. One that fails is told by another event besides.
_GIVEN_UP = r"^htmx:(afterRequest|sendAbort), "


@dataclass
class Watch:
    """Collects the complaints of every tab of some browsers; those that a test `expects` do not count."""

    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    watched: list[BrowserContext] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        self.watched.append(context)
        context.on("console", self._hear)
        context.on("weberror", self._catch)

    def close(self) -> None:
        for context in self.watched:
            context.remove_listener("console", self._hear)
            context.remove_listener("weberror", self._catch)

    def expects(self, pattern: str) -> None:
        self.expected.append(pattern)

    @property
    def unexpected(self) -> list[str]:
        known = [_GIVEN_UP, *self.expected]
        return [text for text in self.complaints if not any(re.search(each, text) for each in known)]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def _catch(self, error: WebError) -> None:
        self.complaints.append(f"{error.error}")
