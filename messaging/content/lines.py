"""Texts that stand on one line, such as a subject, and what no text may hold."""

import re

from django.utils.translation import gettext as _

from messaging.content.content import ContentRefused

MAX_LINE = 300
_END_TAG = re.compile(r"</[a-z][a-z0-9-]*>", re.IGNORECASE)
# A line break within a subject would be a header of its own (RFC 5322, 2.2).
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def has_tags(text: str) -> bool:
    """Whether a text looks like HTML, which as plain text would be read as it is written."""
    return _END_TAG.search(text) is not None


def line(text: str, *, path: str, most: int = MAX_LINE) -> str:
    """The text without blanks around it. Raises `ContentRefused` for line breaks, control characters and length."""
    if found := _BREAKS.search(text) or _CONTROLS.search(text):
        raise ContentRefused(
            _("It has to stand on one line: the character U+%(code)04X is in it.") % {"code": ord(found.group())}, path
        )
    text = text.strip()
    if len(text) > most:
        raise ContentRefused(
            _("%(most)d characters are the most, these are %(length)d.") % {"most": most, "length": len(text)}, path
        )
    return text


def lines(text: str, *, path: str) -> str:
    """The text with line breaks as LF. Raises `ContentRefused` for control characters and halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROLS.search(text):
        raise ContentRefused(
            _("The character U+%(code)04X cannot be sent.") % {"code": ord(found.group())},
            path,
            line=text.count("\n", 0, found.start()) + 1,
        )
    return text


def link(text: str, *, path: str) -> str:
    """An address of the web, or "". Raises `ContentRefused`."""
    text = line(text, path=path, most=2_000)
    if text and (not re.match(r"https?://[^\s/]+", text, re.IGNORECASE) or re.search(r"\s", text)):
        raise ContentRefused(_("An address begins with https:// and has no blanks."), path)
    return text
