"""Looks a page over as a demanding visitor would: with axe, in light and dark, on a phone, a tablet and at a desk."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, ViewportSize, expect

PHONE = ViewportSize(width=390, height=844)
TABLET = ViewportSize(width=1024, height=768)
DESK = ViewportSize(width=1440, height=900)

# Without `preload`, for which axe would read the style sheets anew, against the content policy.
_OPTIONS: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
# In the dark only what colours can spoil is looked at again, and at one size: colours are the same at each.
_IN_THE_DARK = _OPTIONS | {"runOnly": ["color-contrast", "link-in-text-block"]}
_OVERHANG = """() => {
  const page = document.scrollingElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const beyond = (element) => element.getBoundingClientRect().right > page.clientWidth;
  const culprits = [...document.body.querySelectorAll("*")].filter(beyond).map((e) => `${e.tagName}.${e.className}`);
  return [`${page.scrollWidth} > ${page.clientWidth}`, ...culprits];
}"""


def look_over(page: Page, *, said: str) -> None:
    """Fails where axe finds anything or the page is wider than the window. `said` is what the page must say."""
    _has_arrived(page, said)
    page.evaluate(AXE_SCRIPT)
    fits(page, said=said, also=_run_axe)


def fits(page: Page, *, said: str, also: Callable[[Page, int], None] | None = None) -> None:
    """Fails where a window has to be scrolled sideways; looks for something else `also`, on a phone and at a desk."""
    _has_arrived(page, said)
    for size in (PHONE, TABLET, DESK):
        page.set_viewport_size(size)
        beyond = page.evaluate(_OVERHANG)
        assert not beyond, f"{page.url}, {size['width']} px: {beyond}"
        if also and size is not TABLET:
            also(page, size["width"])


def _has_arrived(page: Page, said: str) -> None:
    """Waits for the page behind a click, with all of its style sheets: without some it would be laid out otherwise."""
    expect(page.locator("main")).to_contain_text(said, use_inner_text=True)
    page.wait_for_load_state("load")


def _run_axe(page: Page, width: int) -> None:
    schemes = {"light": _OPTIONS} | ({"dark": _IN_THE_DARK} if width == DESK["width"] else {})
    for scheme, options in schemes.items():
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found = AxeResults(page.evaluate("(options) => axe.run(options)", options))
        assert not found.violations_count, f"{page.url}, {width} px, {scheme}: {found.generate_report()}"
