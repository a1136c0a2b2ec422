"""A campaign is one HTML and many people: what is done to all of it is done once, with gaps where values stand.

A pattern is a finished email with gaps. It stands for an outline only where filling it gives, sign for sign, what
`mail_html` makes of the filled text: harmless values, in text or in the address of a link. All else goes the long way.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from html import escape, unescape
from typing import NamedTuple

from messaging.content.gaps import GAP, TITLE, Gapped
from messaging.content.mail_html import MAX_BYTES, mail_html

_LONGEST, _MOST, _MOST_SEEN = 200_000, 32, 512
_STYLE = re.compile(r"<style\b.*?(?:</style|\Z)", re.IGNORECASE | re.DOTALL)
# A value here would be read together with what stands before it, as the name of a tag or of a sign.
_JOINED = re.compile(rf"(?:<[^\s<>;&]*|&[#A-Za-z0-9]*){GAP.pattern}")
# As a serializer writes them.
_WRITTEN_TAG = re.compile(r'<[a-z/!](?:[^<>"]|"[^"]*")*>')
_PIECE = re.compile(rf"{_WRITTEN_TAG.pattern}|[^<]+|<")
_HREF = re.compile(r'<a\b(?:[^<>"]|"[^"]*")*?\bhref="([^"]*)"')
_LINK = re.compile(r'(<a\b(?:[^<>"]|"[^"]*")*>)(.*?)</a>', re.DOTALL)
# As people write them; one that is never closed must not be looked for up to the end at each "<".
_TAG = re.compile(r"<[^<>]*>")
# What stands in these is no HTML; a mark of byte order is dropped where it comes first.
_ODD = re.compile(r"<(?:xmp|plaintext|noembed|noframes)\b|\ufeff", re.IGNORECASE)
# A value that is a whole address, or stands somewhere behind its host, changes nothing of what kind of address it is.
# Hosts and ports are those that every reader of addresses takes.
_HOST = (
    r"(?:localhost|127\.0\.0\.1|(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?\.)+[a-z]{2,24})"
    r"(?::(?:[0-9]{1,4}|[1-5][0-9]{4}))?"
)
_WHOLE = re.compile(rf"https?://{_HOST}(?:[/?#][A-Za-z0-9:/._~?=%@,+#-]*)?")
_PART = re.compile(r"[A-Za-z0-9:/._~?=%@,+-]+")
_BEHIND_HOST = re.compile(rf"https?://{_HOST}[/?#]")

_Parts = tuple[str, ...]


class Pattern(NamedTuple):
    page: _Parts
    text: _Parts
    # How a value may look that stands in an address, by gap.
    addresses: dict[str, re.Pattern[str]]
    # Links with gaps: address, words, and whether they are the same, which the twin does not say twice.
    links: tuple[tuple[_Parts, _Parts, bool], ...]

    def filled(self, values: Mapping[str, str], subject: str) -> tuple[str, str] | None:
        """The document and its twin; None where these values go the long way."""
        if not all(form.fullmatch(values[gap]) for gap, form in self.addresses.items()):
            return None
        if any((_fill(address, values) == _fill(words, values)) != same for address, words, same in self.links):
            return None
        page = _fill(self.page, {**values, TITLE: escape(subject)})
        return (page, _fill(self.text, values)) if len(page.encode()) <= MAX_BYTES else None


class _Patterns:
    """Of the outlines that came last. Only the second time is one looked at: the first may be the only one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._known: OrderedDict[str, Pattern | None] = OrderedDict()

    def of(self, gapped: Gapped, subject: str) -> Pattern | None:
        with self._lock:
            if gapped.outline in self._known:
                self._known.move_to_end(gapped.outline)
                return self._known[gapped.outline]
            key = hash(gapped.outline)
            if key not in self._seen:
                self._seen[key] = None
                _shorten(self._seen, _MOST_SEEN)
                return None
        pattern = _checked(gapped, subject)
        with self._lock:
            self._known[gapped.outline] = pattern
            _shorten(self._known, _MOST)
        return pattern


_patterns = _Patterns()


def document(gapped: Gapped, *, subject: str) -> tuple[str, str]:
    """What `mail_html` makes of the text. Raises `ContentRefused`."""
    pattern = _patterns.of(gapped, subject) if 0 < len(gapped.outline) < _LONGEST else None
    return (pattern and pattern.filled(gapped.values, subject)) or mail_html(gapped.text, subject=subject)


def _checked(gapped: Gapped, subject: str) -> Pattern | None:
    """Tried out on the one that is at hand."""
    pattern = pattern_of(gapped)
    if pattern and pattern.filled(gapped.values, subject) not in (None, mail_html(gapped.text, subject=subject)):
        return None
    return pattern


def pattern_of(gapped: Gapped) -> Pattern | None:
    """None for an outline that has none. Raises `ContentRefused`."""
    outline = gapped.outline
    styles = "".join(_STYLE.findall(outline))
    if GAP.search(styles) or _JOINED.search(outline) or _ODD.search(outline):
        return None
    page, text = mail_html(outline, subject=TITLE)
    addresses: dict[str, re.Pattern[str]] = {}
    in_text: list[str] = []
    for piece in _PIECE.findall(page):
        gaps = GAP.findall(piece)
        if gaps and piece[0] == "<":
            found = _forms(piece)
            if found is None or len(found) != len(gaps) or found.keys() & addresses.keys():
                return None
            addresses |= found
        else:
            in_text += gaps
    if addresses and "[" in styles:  # which may choose elements by their address
        return None
    # Each value is where it was: none dropped, none doubled, none within a tag that was not there.
    inside = {gap for tag in _TAG.findall(outline) for gap in GAP.findall(tag)}
    if sorted([*in_text, *addresses]) != sorted(gapped.values) or inside != addresses.keys():
        return None
    return Pattern(_parts(page), _parts(text), addresses, _links(page))


def _forms(tag: str) -> dict[str, re.Pattern[str]] | None:
    """Of the gaps in the address of a link; None for any other tag or place."""
    href = _HREF.match(tag)
    if not href:
        return None
    address = href[1]
    if GAP.fullmatch(address):
        return {address: _WHOLE}
    behind = _BEHIND_HOST.match(address)
    return dict.fromkeys(GAP.findall(address[behind.end() :]), _PART) if behind else None


def _links(page: str) -> tuple[tuple[_Parts, _Parts, bool], ...]:
    found = ((_HREF.match(tag), _WRITTEN_TAG.sub("", words).strip()) for tag, words in _LINK.findall(page))
    pairs = ((unescape(href[1]).removeprefix("mailto:"), unescape(words)) for href, words in found if href)
    return tuple((_parts(href), _parts(words), href == words) for href, words in pairs if GAP.search(href + words))


def _parts(text: str) -> _Parts:
    return tuple(part for part in re.split(f"({TITLE}|{GAP.pattern[1:-1]})", text) if part)


def _fill(parts: _Parts, values: Mapping[str, str]) -> str:
    return "".join([values.get(part, part) for part in parts])


def _shorten(cache: OrderedDict[int, None] | OrderedDict[str, Pattern | None], most: int) -> None:
    while len(cache) > most:
        cache.popitem(last=False)
