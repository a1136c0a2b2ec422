"""What a note may hold, and how its characters are counted."""

import regex
from django.utils.translation import gettext_lazy as _

from contacts.identity import Invalid

MOST_CHARACTERS = 500
# One character may be made of any number of code points; the largest emoji families have eleven.
MOST_CODE_POINTS = 16 * MOST_CHARACTERS

_CHARACTER = regex.compile(r"\X")
# A boundary that `\X` overlooks: a conjunct begins with a consonant (rule GB9c), a lone virama joins nothing.
_LONE_VIRAMA = regex.compile(
    r"(?=\p{InCB=Consonant})(?<=\p{InCB=Linker}\p{InCB=Extend}*)"
    r"(?<!\p{InCB=Consonant}[\p{InCB=Linker}\p{InCB=Extend}]*)"
)
_VISIBLE = regex.compile(r"[^\p{Z}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]")
_HALF = regex.compile(r"[\ud800-\udfff]")


def characters(text: str) -> int:
    """How many characters people would count: extended grapheme clusters (UAX #29), as browsers' `Intl.Segmenter`."""
    return sum(len(_CHARACTER.findall(piece)) for piece in _LONE_VIRAMA.split(text))


def note_text(text: str) -> str:
    """The text as it is kept: exactly as written, but for line breaks, which become LF.

    Raises `Invalid`: "note_blank", "note_long", "note_null", "note_half".
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise Invalid("note_null", _("The note holds a null character (U+0000), which cannot be kept. Write it anew."))
    if _HALF.search(text):
        raise Invalid("note_half", _("The note holds half of a character, which cannot be kept. Write it anew."))
    if not _VISIBLE.search(text):
        raise Invalid("note_blank", _("There is nothing to be seen in this note. Write something."))
    _measure(text)
    return text


def _measure(text: str) -> None:
    if len(text) > MOST_CODE_POINTS:
        message = _("A note can have %(most)s characters with all their parts (code points), this one has %(count)s.")
        raise Invalid("note_long", message, most=MOST_CODE_POINTS, count=len(text))
    if (count := characters(text)) > MOST_CHARACTERS:
        message = _("A note can have %(most)s characters, this one has %(count)s.")
        raise Invalid("note_long", message, most=MOST_CHARACTERS, count=count)
