"""Finds the links in a note. Only http and https, and only what a reader sees is where it leads."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import regex

# Up to what no link holds unescaped (RFC 3986), and to anything invisible, such as marks that turn the direction.
_LINK = regex.compile(
    r"(?<![\p{L}\p{N}_])https?://[^\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}<>\"\\^`{|}“”„«»]+",
    regex.IGNORECASE,
)
_ENDS_OF_SENTENCES = ".,:;!?'’…*"
_BRACKETS = {")": "(", "]": "["}


class Part(NamedTuple):
    """A piece of a note: plain text, or a link where `url` is set."""

    text: str
    url: str = ""


def parts(text: str) -> Iterator[Part]:
    """The whole text in order, cut into plain pieces and links."""
    end = 0
    for match in _LINK.finditer(text):
        url = _without_punctuation(match.group())
        if not _is_safe(url):
            continue
        if match.start() > end:
            yield Part(text[end : match.start()])
        yield Part(url, url)
        end = match.start() + len(url)
    if end < len(text):
        yield Part(text[end:])


def _without_punctuation(url: str) -> str:
    """Without the punctuation of the sentence around it, and brackets that were opened before it."""
    while url[-1] in _ENDS_OF_SENTENCES or url.count(url[-1]) > url.count(_BRACKETS.get(url[-1], url[-1])):
        url = url[:-1]
    return url


def _is_safe(url: str) -> bool:
    """Whether it leads to a host, and to the one that it seems to: a name before @ looks like one."""
    try:
        link = urlsplit(url)
        return bool(link.hostname) and "@" not in link.netloc and link.port != 0
    except ValueError:
        return False
