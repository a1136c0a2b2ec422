"""The HTML of an email: its styles put into the elements, and nothing in it that runs, loads frames or submits.

Both libraries are made in Rust and read HTML as browsers do. Some documents would make them slow or end the process:
how deep and how many the tags are is counted before.
"""

import re
from collections import Counter
from html import escape
from html.parser import HTMLParser

import nh3
from css_inline import CSSInliner, InlineError
from django.utils.translation import gettext as _

from messaging.content.content import ContentRefused
from messaging.content.plain_text import plain_text

MAX_BYTES = 1_000_000
# Gmail hides what comes behind: https://support.google.com/mail/answer/6590
CLIPPED_BYTES = 102_000
MAX_TAGS = 30_000
MAX_DEPTH = 400
# Of those that are opened anew in each paragraph behind, where they are not closed.
MAX_FORMATS = 8
MAX_ENTITIES = 60_000
# Selectors by elements: each is tried on each.
MAX_MATCHES = 2_000_000
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]{0,40})")
_STYLE = re.compile(r"<style\b[^>]*(?:>|\Z)(.*?)(?:</style|\Z)", re.IGNORECASE | re.DOTALL)
# They have no end tag, or end by themselves where the next one begins.
_FLAT = frozenset({
    "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input", "li", "link",
    "meta", "p", "param", "source", "track", "wbr",
})  # fmt: skip
_FORMATS = ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
_TAGS = {
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center",
    "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main",
    "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {
        "align", "aria-hidden", "aria-label", "bgcolor", "class", "dir", "height", "id", "lang", "role", "style",
        "title", "valign", "width",
    },
    "a": {"href", "name", "target"},
    "font": {"color", "face", "size"},
    "img": {"alt", "border", "hspace", "src", "vspace"},
    "ol": {"start", "type"},
    "table": {"background", "border", "cellpadding", "cellspacing", "summary"},
    "td": {"abbr", "background", "colspan", "headers", "nowrap", "rowspan", "scope"},
    "th": {"abbr", "background", "colspan", "headers", "nowrap", "rowspan", "scope"},
    "time": {"datetime"},
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel", "sms", "viber", "tg", "cid"}
_PAGE = (
    '<!doctype html>\n<html{attributes}><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>{style}</head>\n'
    "<body>{body}</body></html>"
)
# What makes a style sheet reach out, or end early.
_UNSAFE_CSS = re.compile(r"@import|expression\s*\(|javascript:|behaviou?r\s*:|-moz-binding|</|<!--", re.IGNORECASE)
_AT_RULE = re.compile(r"@media\b[^{}]{0,500}\{(?:[^{}]{0,5000}\{[^{}]{0,5000}\}){1,200}[^{}]{0,500}\}", re.IGNORECASE)

_inliner = CSSInliner(load_remote_stylesheets=False, keep_link_tags=False)
_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    url_schemes=_SCHEMES,
    link_rel=None,
    clean_content_tags={"script", "style", "title", "head", "iframe", "object", "svg", "math", "template", "noscript"},
)


def mail_html(html: str, *, subject: str = "", path: str = "body") -> tuple[str, str]:
    """A whole, harmless document, and its plain-text twin. Raises `ContentRefused` for the too large and too deep."""
    _look_at(html, path)
    try:
        inlined = _inliner.inline(html)
    except InlineError as error:
        raise ContentRefused(_("The styles of this HTML cannot be read."), path) from error
    if inlined.count("&") > MAX_ENTITIES or len(inlined) > 2 * MAX_BYTES:
        raise ContentRefused(_("There are too many styles or special characters in this HTML."), path)
    frame = _Frame.of(inlined)
    body = _cleaner.clean(inlined)
    if frame.body:
        body = _cleaner.clean(f"<div{frame.body}>{body}</div>")
    page = _PAGE.format(attributes=frame.html, title=escape(subject), style=_kept_styles(html), body=body)
    if (size := len(page.encode())) > MAX_BYTES:
        words = _("The email has %(size)d KB; more than %(most)d KB are not sent.")
        raise ContentRefused(words % {"size": size // 1000, "most": MAX_BYTES // 1000}, path)
    return page, plain_text(body)


def _look_at(html: str, path: str) -> None:
    """Refuses what would keep the machine busy for long, or end the process."""
    if len(html) > MAX_BYTES:
        words = _("The email has %(size)d KB; more than %(most)d KB are not sent.")
        raise ContentRefused(words % {"size": len(html) // 1000, "most": MAX_BYTES // 1000}, path)
    # So few are never too deep, and most emails have no more.
    count = html.count("<")
    count, deepest = _tags(html) if count > MAX_DEPTH else (count, 0)
    if count > MAX_TAGS:
        raise ContentRefused(_("There are more than %(most)d tags in this HTML.") % {"most": MAX_TAGS}, path)
    if deepest > MAX_DEPTH:
        words = _("The tags of this HTML are nested too deeply, or too many of them are never closed.")
        raise ContentRefused(words, path)
    styles = "".join(_STYLE.findall(html))
    if (styles.count("{") + styles.count(",")) * count > MAX_MATCHES:
        raise ContentRefused(_("The styles of this HTML are too many for so many tags."), path)


def _tags(html: str) -> tuple[int, int]:
    """How many tags there are, and how deep they can be at most: of each name, those that are open at once."""
    count = deepest = depth = 0
    balance: Counter[str] = Counter()
    for count, tag in enumerate(_TAG.finditer(html), 1):
        if count > MAX_TAGS:
            break
        closes, name = tag.group(1), tag.group(2).lower()
        if name in _FLAT:
            continue
        if not closes:
            balance[name] += 1
            depth += 1
            formats = sum(balance[each] for each in _FORMATS) if name in _FORMATS else 0
            deepest = max(deepest, depth, MAX_DEPTH + 1 if formats > MAX_FORMATS else 0)
        elif balance[name]:
            balance[name] -= 1
            depth -= 1
    return count, deepest


def _kept_styles(html: str) -> str:
    """Those for narrow screens and dark ones, which cannot stand in an element."""
    rules = (rule.group() for styles in _STYLE.findall(html) for rule in _AT_RULE.finditer(styles))
    kept = "\n".join(rule for rule in rules if not _UNSAFE_CSS.search(rule))
    return f"<style>{kept}</style>" if kept else ""


class _Frame(HTMLParser):
    """What the document's outermost elements say of all of it: language, direction, background."""

    _KEPT = {"html": ("lang", "dir"), "body": ("style", "bgcolor", "class", "dir", "lang", "align")}

    def __init__(self) -> None:
        super().__init__()
        self.html = self.body = ""

    @classmethod
    def of(cls, html: str) -> "_Frame":
        """Read up to the body: the inliner writes both elements, whether they were there or not."""
        frame = cls()
        body = html.find("<body")
        if body >= 0:
            frame.feed(html[: html.find(">", body) + 1])  # at once: what a comment holds back is read anew each time
        return frame

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._KEPT:
            kept = "".join(f' {name}="{escape(text)}"' for name, text in attrs if name in self._KEPT[tag] and text)
            self.html, self.body = (kept, self.body) if tag == "html" else (self.html, kept)
