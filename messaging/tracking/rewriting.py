"""Leads the links of a mail by way of this site, and puts the picture that tells of an opening behind its text."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape, unescape

from messaging.content.render import Rendered
from messaging.tracking.tokens import click_urls, open_url

# As `messaging.content` writes it: sanitised, so attributes are quoted and their values escaped.
_LINK = re.compile(r'(<a\b[^>]*?\bhref=")(https?://[^"]*)(")', re.IGNORECASE)
_END = re.compile(r"</body\s*>", re.IGNORECASE)
# Leaving is nobody's click, and must work when everything else does not.
_LEAVING = re.compile(r"https?://[^/]+/u/")


def links_in(html: str) -> list[str]:
    """Where its links lead, in the order in which they stand; those by which people leave are not among them."""
    found = (unescape(match[2]) for match in _LINK.finditer(html))
    return [url for url in found if not _LEAVING.match(url)]


def links_of(rendered: Rendered) -> list[str]:
    """Where a content leads: the links of its text, or of a message without markup the one beside it."""
    return links_in(rendered.html) if rendered.html else [rendered.link] if rendered.link else []


def tracked(rendered: Rendered, links: Sequence[str], message_id: int) -> Rendered:
    """The content as it leaves; `links` are those of `links_of`."""
    if not rendered.html:
        return replace(rendered, link=click_urls(message_id, 1)[0]) if links else rendered
    ours = iter(click_urls(message_id, len(links)))

    def led(match: re.Match[str]) -> str:
        if _LEAVING.match(unescape(match[2])):
            return match[0]
        return f"{match[1]}{next(ours)}{match[3]}"

    html = _LINK.sub(led, rendered.html)
    picture = f'<img src="{escape(open_url(message_id))}" width="1" height="1" alt="">'
    end = _END.search(html)
    at = end.start() if end else len(html)
    return replace(rendered, html=html[:at] + picture + html[at:])
