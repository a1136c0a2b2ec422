"""What an uploaded file is: workbook or text, its encoding, delimiter, quote and whether its first row is a header."""

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self, TextIO

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.exports.guard import unguard
from activity.transfers import Refused
from contacts import identity
from contacts.imports.columns import target_for
from contacts.imports.lines import Lines

ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1252": "Windows-1252 (Western)",
    "koi8-u": "KOI8-U (Ukrainian)",
}
DELIMITERS = {
    ",": gettext_lazy("comma ,"),
    ";": gettext_lazy("semicolon ;"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("pipe |"),
}
QUOTES = {'"': gettext_lazy('double "'), "'": gettext_lazy("single '"), "": gettext_lazy("none")}

_BLOCK = 1 << 20
_SAMPLE_ROWS = 50
_SAMPLE_BYTES = 200_000
_LONGEST_LINE = 16 * _BLOCK
_MAGIC = {
    b"%PDF": gettext_lazy("a PDF"),
    b"\xd0\xcf\x11\xe0": gettext_lazy("a workbook of an old Excel (.xls); save it as .xlsx or CSV"),
    b"\x1f\x8b": gettext_lazy("a gzip archive; unpack it first"),
    b"Rar!": gettext_lazy("a RAR archive; unpack it first"),
    b"\x89PNG": gettext_lazy("a picture"),
    b"\xff\xd8\xff": gettext_lazy("a picture"),
    b"GIF8": gettext_lazy("a picture"),
}
# What Excel calls the workbook within its container.
_WITH_PASSWORD = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Format:
    """How to read a table of text."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    quote: str = '"'
    header: bool = True

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Self:
        return cls(**stored)

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    def reader_options(self) -> dict[str, Any]:
        """The arguments of `csv.reader`."""
        if self.quote:
            return {"delimiter": self.delimiter, "quotechar": self.quote, "quoting": csv.QUOTE_MINIMAL}
        return {"delimiter": self.delimiter, "quotechar": None, "quoting": csv.QUOTE_NONE}


@dataclass(frozen=True)
class Survey:
    """What one pass over the whole file tells."""

    size: int
    lines: int
    longest_line: int  # in bytes, to a block's length
    is_utf8: bool
    head: bytes
    # Up to 200 kB of the lines that are not plain ASCII: what an encoding is recognised by.
    foreign: bytes


def survey(path: Path, *, tick: Callable[[], None] = lambda: None) -> Survey:
    """Reads the file once, in blocks; flat memory. `tick` is called every 64 MB."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    size, lines, is_utf8, head, foreign = 0, 0, True, b"", bytearray()
    line, longest = 0, 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            head = head or block
            size += len(block)
            if not size % (64 * _BLOCK):
                tick()
            ends = block.count(b"\n") or block.count(b"\r")
            lines += ends
            line = 0 if ends else line + len(block)
            longest = max(longest, line)
            if is_utf8:
                is_utf8 = _decodes(decoder, block)
            if len(foreign) < _SAMPLE_BYTES and not block.isascii():
                foreign += b"\n".join(line for line in block.splitlines() if not line.isascii())
    is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    if head and not head.endswith((b"\n", b"\r")):
        lines += 1
    return Survey(size, lines, longest, is_utf8, head, bytes(foreign[:_SAMPLE_BYTES]))


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def refuse_unreadable(seen: Survey) -> None:
    """Raises `Refused` for what cannot be a table of text: empty, binary, another kind of file."""
    if not seen.size or not seen.head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise Refused(_("The file is empty."))
    if _WITH_PASSWORD in seen.head:
        raise Refused(_("The workbook is protected with a password. Save it without one, then import it."))
    for magic, kind in _MAGIC.items():
        if seen.head.startswith(magic):
            raise Refused(_("This is not a CSV or XLSX file but %(kind)s.") % {"kind": kind})
    if seen.longest_line > _LONGEST_LINE:
        raise Refused(_("One line of the file is longer than 16 MB: it is not a table of contacts."))
    if seen.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _utf16_without_mark(seen.head):
        return
    sample = seen.head[:65_536]
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1a" for byte in sample)
    if controls > len(sample) // 200:
        raise Refused(_("This is a binary file. Contacts are imported from CSV or XLSX files."))


def detect(path: Path, seen: Survey) -> Format:
    """The most likely format of a file that `refuse_unreadable` let pass."""
    encoding = detect_encoding(seen)
    text = seen.head.decode(encoding, "replace")
    delimiter, quote = _delimiter_and_quote(text)
    found = Format(encoding, delimiter, quote)
    return Format(encoding, delimiter, quote, header=_has_header(sample_rows(path, found)))


def detect_encoding(seen: Survey) -> str:
    """One of `ENCODINGS`."""
    if seen.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if encoding := _utf16_without_mark(seen.head):
        return encoding
    if seen.is_utf8 or seen.head.startswith(codecs.BOM_UTF8) or _is_mostly_utf8(seen.foreign):
        return "utf-8-sig"
    best = from_bytes(seen.foreign, cp_isolation=["utf_8", "cp1251", "cp1252", "koi8_u"], threshold=0.5).best()
    names = {"utf_8": "utf-8-sig", "koi8_u": "koi8-u"}
    return names.get(best.encoding, best.encoding) if best else "cp1252"


def _is_mostly_utf8(foreign: bytes) -> bool:
    """Whether only some lines are not UTF-8: they are damaged then, not of another encoding."""
    lines = foreign.splitlines()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    return sum(_decodes(decoder, line, final=True) for line in lines) > len(lines) / 2


def _utf16_without_mark(head: bytes) -> str:
    sample = head[:4_096]
    if len(sample) < 4:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half // 4 and even < half // 50 + 1:
        return "utf-16-le"
    if even > half // 4 and odd < half // 50 + 1:
        return "utf-16-be"
    return ""


def _delimiter_and_quote(text: str) -> tuple[str, str]:
    lines = text.splitlines(keepends=True)[:_SAMPLE_ROWS]
    quote = "'" if text.count("'") > 2 * text.count('"') and text.lstrip().startswith("'") else '"'
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter, quote)), quote


def _evenness(lines: list[str], delimiter: str, quote: str) -> tuple[float, int]:
    """How alike the rows' widths are with this delimiter, and the usual width; (0, 0) where it divides nothing."""
    widths = [len(row) for row in _rows(lines, {"delimiter": delimiter, "quotechar": quote})]
    usual = max(set(widths), key=widths.count, default=0)
    if usual < 2:
        return 0.0, 0
    return round(widths.count(usual) / len(widths), 1), usual


def open_text(path: Path, encoding: str, *, errors: str) -> TextIO:
    """The file as text, its ends of lines as they are; UTF-16 without the mark that tells its kind is little-endian."""
    if encoding == "utf-16":
        with path.open("rb") as file:
            if file.read(2) not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                encoding = "utf-16-le"
    return path.open(encoding=encoding, errors=errors, newline="")


def sample_rows(path: Path, format_: Format, count: int = _SAMPLE_ROWS) -> list[list[str]]:
    """The first rows as they will be read, the header included; undecodable bytes shown as �."""
    with open_text(path, format_.encoding, errors="replace") as file:
        return [[unguard(cell[:500]) for cell in row] for row in islice(_rows(file, format_.reader_options()), count)]


def _rows(text: Iterable[str], options: dict[str, Any]) -> Iterator[list[str]]:
    """The rows that are neither blank nor, as far as `csv` is concerned, impossible."""
    lines = Lines(iter(text))
    reader = csv.reader(lines, **options)
    while True:
        lines.begin()
        try:
            row = next(reader)
        except csv.Error:
            continue
        except StopIteration:
            return
        if any(row):
            yield row


def _has_header(rows: list[list[str]]) -> bool:
    if not rows:
        return True
    first = [cell.strip() for cell in rows[0]]
    if any(target_for(cell) for cell in first):
        return True
    return all(first) and len(set(first)) == len(first) and not any(_is_value(cell) for cell in first)


def _is_value(cell: str) -> bool:
    """Whether a cell is an email, a number or a phone number: a value, not a column's name."""
    if "@" in cell or cell.replace(".", "").replace("-", "").replace("+", "").replace(" ", "").isdigit():
        return True
    try:
        identity.calendar_date(cell, "dmy")
    except identity.Invalid:
        return False
    return True
