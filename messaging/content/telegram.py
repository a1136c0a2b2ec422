"""The markup of Telegram messages: https://core.telegram.org/bots/api#html-style.

Telegram refuses a whole message for one tag it does not know. So a text is read here, written anew with nothing but
what Telegram allows, and refused in words for the rest.
"""

import re
from html import escape
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from messaging.content.content import ContentRefused

MAX_LENGTH = 4_096
# What each tag is called in what is sent.
_TAGS = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "ins": "u", "s": "s", "strike": "s", "del": "s",
    "a": "a", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-spoiler": "tg-spoiler",
}  # fmt: skip
KNOWN = tuple(dict.fromkeys(_TAGS.values()))
_UNCLOSED = re.compile(r"<[A-Za-z/!?][^<>]*(?=<|\Z)")
_LINKS = ("https://", "http://", "tg://", "mailto:", "tel:")


def markup(text: str, *, path: str = "body") -> tuple[str, str]:
    """The text as the Bot API takes it with `parse_mode=HTML`, and as plain text.

    Raises `ContentRefused` for tags that Telegram does not know or that do not match, and for more than 4,096
    characters (UTF-16 code units, without the markup).
    """
    if unclosed := _UNCLOSED.search(text):  # the reader would look for its end from every place
        line = text.count("\n", 0, unclosed.start()) + 1
        raise ContentRefused(_("A tag is not closed: “>” is missing."), path, line=line, column=1)
    reader = _Reader(path)
    reader.feed(text)
    reader.close()
    if reader.open:
        raise ContentRefused(_("<%(tag)s> is not closed.") % {"tag": reader.open[-1]}, path)
    plain = "".join(reader.plain)
    if (length := utf16_length(plain.strip())) > MAX_LENGTH:
        words = _("A Telegram message has %(most)d characters at most, this one has %(length)d.")
        raise ContentRefused(words % {"most": MAX_LENGTH, "length": length}, path)
    return "".join(reader.marked), plain


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Reader(HTMLParser):
    """Collects what may be sent."""

    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.marked: list[str] = []
        self.plain: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            return self.handle_data("\n")
        if tag not in _TAGS:
            words = _("Telegram does not know <%(tag)s>. It knows %(known)s.")
            known = ", ".join(f"<{each}>" for each in KNOWN)
            raise self._refused(words % {"tag": tag, "known": known})
        self.open.append(tag)
        self.marked.append(f"<{_TAGS[tag]}{self._attributes(tag, dict(attrs))}>")
        return None

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":
            return
        if not self.open or self.open[-1] != tag:
            words = (
                _("</%(tag)s> closes nothing here.") if not self.open else _("</%(tag)s> does not close <%(open)s>.")
            )
            raise self._refused(words % {"tag": tag, "open": self.open[-1] if self.open else ""})
        self.open.pop()
        self.marked.append(f"</{_TAGS[tag]}>")

    def handle_data(self, data: str) -> None:
        self.plain.append(data)
        self.marked.append(escape(data))

    def handle_comment(self, data: str) -> None:
        """Is left out."""

    def handle_decl(self, decl: str) -> None:
        raise self._refused(_("Telegram takes a few tags of HTML, not a whole page."))

    def handle_pi(self, data: str) -> None:
        raise self._refused(_("Telegram takes a few tags of HTML, not a whole page."))

    def _attributes(self, tag: str, attributes: dict[str, str | None]) -> str:
        if tag == "a":
            link = (attributes.get("href") or "").strip()
            if not link.lower().startswith(_LINKS):
                raise self._refused(_("A link in Telegram begins with https://, and has no other form here."))
            return f' href="{escape(link)}"'
        if tag == "blockquote" and "expandable" in attributes:
            return " expandable"
        return ""

    def _refused(self, words: str) -> ContentRefused:
        line, column = self.getpos()
        return ContentRefused(words, self.path, line=line, column=column + 1)
