"""The plain-text twin of an email, for who reads mail as text and for programs that judge it."""

import re
from html import unescape

# With a blank line before and behind.
_APART = frozenset({"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"})
_BLOCKS = _APART | {
    "address", "article", "aside", "center", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "header",
    "main", "nav", "section", "tbody", "tfoot", "thead", "tr",
}  # fmt: skip
# As a serializer writes them: every tag closed, every value in double quotes.
_PIECE = re.compile(r'<(?P<closes>/?)(?P<tag>[a-z][a-z0-9]*)(?P<attributes>(?:[^<>"]|"[^"]*")*)>|(?P<text>[^<]+|<)')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")


def plain_text(html: str) -> str:
    """The words of HTML that a sanitiser has written: a block a line, links with addresses, pictures by their words."""
    reader = _Reader()
    for piece in _PIECE.finditer(html):
        if text := piece["text"]:
            reader.read(unescape(text))
        elif piece["closes"]:
            reader.end(piece["tag"])
        else:
            reader.start(piece["tag"], piece["attributes"])
    return reader.text()


class _Reader:
    def __init__(self) -> None:
        self.lines: list[list[str]] = [[]]
        self.links: list[tuple[str, list[str]]] = []
        self.numbers: list[int] = []
        self.kept = 0

    def start(self, tag: str, attributes: str) -> None:
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
                self._add(_attribute(attributes, "alt"))
            case "td" | "th":
                self._add(" ")
            case "ol" | "ul":
                self.numbers.append(0 if tag == "ol" else -1)
            case "li":
                self._item()
            case "a":
                self.links.append((_attribute(attributes, "href"), []))

    def end(self, tag: str) -> None:
        self.kept = max(0, self.kept - (tag == "pre"))
        if tag == "a" and self.links:
            self._leave_link(*self.links.pop())
        if tag in ("ol", "ul") and self.numbers:
            self.numbers.pop()
        if tag in _BLOCKS:
            self._break(apart=tag in _APART)

    def read(self, data: str) -> None:
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
        if words:
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


def _attribute(attributes: str, name: str) -> str:
    return next((unescape(value) for each, value in _ATTRIBUTE.findall(attributes) if each == name), "")
