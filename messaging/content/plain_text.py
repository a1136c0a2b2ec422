"""The plain-text twin of an email, for who reads mail as text and for programs that judge it."""

import re
from html.parser import HTMLParser

_SKIPPED = frozenset({"head", "script", "style", "title", "template"})
_BLOCKS = frozenset(
    "address article aside blockquote center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header"
    " main nav ol p pre section table tbody tfoot thead tr ul".split()
)
# With a blank line before and behind.
_APART = frozenset("blockquote h1 h2 h3 h4 h5 h6 ol p pre table ul".split())
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")


def plain_text(html: str) -> str:
    """The words of an HTML document: blocks on lines of their own, links with their address, pictures by their words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[str]] = [[]]
        self.skipped = 0
        self.links: list[tuple[str, list[str]]] = []
        self.numbers: list[int] = []
        self.kept = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.skipped += tag in _SKIPPED
        self.kept += tag == "pre"
        if tag in _BLOCKS:
            self._break(apart=tag in _APART)
        match tag:
            case "br":
                self.lines.append([])
            case "hr":
                self._break(apart=True)
                self._add("—" * 10)
                self._break(apart=True)
            case "img":
                self._add(attributes.get("alt") or "")
            case "td" | "th":
                self._add(" ")
            case "ol" | "ul":
                self.numbers.append(0 if tag == "ol" else -1)
            case "li":
                self._item()
            case "a":
                self.links.append((attributes.get("href") or "", []))

    def handle_endtag(self, tag: str) -> None:
        self.skipped = max(0, self.skipped - (tag in _SKIPPED))
        self.kept = max(0, self.kept - (tag == "pre"))
        if tag == "a" and self.links:
            self._leave_link(*self.links.pop())
        if tag in ("ol", "ul") and self.numbers:
            self.numbers.pop()
        if tag in _BLOCKS:
            self._break(apart=tag in _APART)

    def handle_data(self, data: str) -> None:
        if self.kept:
            for number, line in enumerate(data.split("\n")):
                if number:
                    self.lines.append([])
                self._add(line)
        else:
            self._add(_SPACES.sub(" ", data))

    def text(self) -> str:
        lines = [re.sub(r" {2,}", " ", "".join(line)).strip() for line in self.lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _add(self, words: str) -> None:
        if not self.skipped and words:
            self.lines[-1].append(words)
            if self.links:
                self.links[-1][1].append(words)

    def _break(self, *, apart: bool = False) -> None:
        """Ends the line, where there is anything on it; `apart` leaves a blank one."""
        if any(words.strip() for words in self.lines[-1]):
            self.lines.append([])
        if apart and len(self.lines) > 1 and self.lines[-2:] != [[], []]:
            self.lines.append([])

    def _item(self) -> None:
        self._break()
        if self.numbers and self.numbers[-1] >= 0:
            self.numbers[-1] += 1
            self._add(f"{self.numbers[-1]}. ")
        else:
            self._add("- ")

    def _leave_link(self, address: str, words: list[str]) -> None:
        """The address behind the words, unless they are the address."""
        called = "".join(words).strip()
        if address and not address.startswith("#") and called != address.removeprefix("mailto:"):
            self._add(f" ({address})" if called else address)
