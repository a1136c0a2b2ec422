"""What is done to a text before it is read as a value."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from contacts.identity.errors import Invalid

# What comes along unseen when a value is pasted: every kind of space, zero-width ones, direction marks, the BOM.
BLANK = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Control characters, line and paragraph separators, and halves of surrogate pairs, which UTF-8 cannot hold.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Letters, marks and signs (by Unicode) that draw nothing: soft hyphens, fillers, blank braille, variation selectors.
_INVISIBLE = re.compile("[\xad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Full-width forms of ASCII, as East Asian keyboards write them.
WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def trimmed(text: str, kind: str, limit: int) -> str:
    """The text without blanks around it. Raises `Invalid`: "blank" for none, "<kind>_long" for more than `limit`."""
    text = text.strip(BLANK)
    if not text:
        raise Invalid("blank", _("The value is empty"))
    if len(text) > limit:
        raise Invalid(f"{kind}_long", _("“%(value)s” is longer than %(limit)d characters"), text, limit=limit)
    return text


def lines(text: str) -> str:
    """The text with line breaks as they are kept: forms send each, and a lone CR, as CR LF (HTML, 4.10.22.4)."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def word(text: str) -> str:
    """The text as a key of a table of words: one case, one width, one composition, no full stop after it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).rstrip(".")


def is_visible(text: str) -> bool:
    """Whether anything of the text can be seen."""
    return any(unicodedata.category(char)[0] not in "CZ" for char in _INVISIBLE.sub("", text))
