"""Which browser somebody joins with, by what it says of itself: words for people, and desktop or mobile."""

import re
from collections.abc import Mapping

from activity.catalogue import Channel

_MOBILE = re.compile(r"Mobi|Android|iPhone|iPad|iPod", re.IGNORECASE)
# Most say that they are Chrome or Safari too: the first that fits.
_BROWSERS = {
    "Edge": re.compile(r"\bEdg(?:A|iOS)?/"),
    "Opera": re.compile(r"\bOP(?:R|T|X)/"),
    "Samsung Internet": re.compile(r"\bSamsungBrowser/"),
    "Yandex Browser": re.compile(r"\bYaBrowser/"),
    "Firefox": re.compile(r"\b(?:Firefox|FxiOS)/"),
    "Chrome": re.compile(r"\b(?:Headless)?Chrom(?:e|ium)/|\bCriOS/"),
    "Safari": re.compile(r"\bSafari/"),
}
_SYSTEMS = {
    "Android": re.compile(r"\bAndroid\b"),
    "iPhone": re.compile(r"\biP(?:hone|od)\b"),
    "iPad": re.compile(r"\biPad\b"),
    "Windows": re.compile(r"\bWindows\b"),
    "macOS": re.compile(r"\bMac OS X\b|\bMacintosh\b"),
    "ChromeOS": re.compile(r"\bCrOS\b"),
    "Linux": re.compile(r"\bLinux\b"),
}


def channel_of(headers: Mapping[str, str]) -> Channel:
    """By the client hint `Sec-CH-UA-Mobile` where a browser sends it, else by its name."""
    hint = headers.get("Sec-CH-UA-Mobile", "")
    mobile = hint == "?1" if hint in ("?0", "?1") else bool(_MOBILE.search(headers.get("User-Agent", "")))
    return Channel.MOBILE_WEBPUSH if mobile else Channel.DESKTOP_WEBPUSH


def name_of(headers: Mapping[str, str]) -> str:
    """Such as “Chrome on Windows”; never what the browser says itself, which would be anybody's text."""
    agent = headers.get("User-Agent", "")[:500]
    browser, system = _first(_BROWSERS, agent) or "Browser", _first(_SYSTEMS, agent)
    return f"{browser} on {system}" if system else browser


def _first(names: Mapping[str, re.Pattern[str]], agent: str) -> str:
    return next((name for name, pattern in names.items() if pattern.search(agent)), "")
