"""Marks, in a preview, where a value is empty. What is sent has nothing there."""

import re
from collections.abc import Mapping
from html import unescape

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from liquid import Undefined

# Of the private use area: no font has them, and no channel sends them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
# What filters that cut texts leave of one.
_HALF = re.compile(f"[{_OPEN}{_CLOSE}]")
_TAG_OR_MARK = re.compile(f"<[^>]*>|{_MARK.pattern}")


class Absent(Undefined):
    """A known variable without a value: to Liquid nothing at all, in a text its own name."""

    def __str__(self) -> str:
        return f"{_OPEN}{self.name}{_CLOSE}"


def with_absent(values: Mapping[str, object]) -> dict[str, object]:
    """The values, with marks for those that are empty."""
    return {name: Absent(name) if value is None else value for name, value in values.items()}


def marked_html(html: str) -> SafeString:
    """A document in which the marks are seen; those within tags are dropped."""

    def shown(found: re.Match[str]) -> str:
        whole = found.group()
        return _MARK.sub("", whole) if whole.startswith("<") else _shown(unescape(found.group(1)))

    return mark_safe(_HALF.sub("", _TAG_OR_MARK.sub(shown, html)))  # noqa: S308 - of a sanitised document


def marked_text(text: str) -> SafeString:
    """A plain text as HTML, with the marks in it."""
    marked = _MARK.sub(lambda found: _shown(unescape(found.group(1))), escape(text))
    return mark_safe(_HALF.sub("", marked))  # noqa: S308 - is escaped


def _shown(name: str) -> str:
    return format_html('<mark title="{0}">{0}</mark>', name)
