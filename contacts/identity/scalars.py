"""Values of the account's own variables."""

import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from contacts.identity.errors import Invalid
from contacts.identity.text import trimmed, word

MAX_STRING = 4000
MAX_DIGITS = 40
# Powers of ten of a number's first and last digit.
LARGEST = 39
SMALLEST = -40

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# A number has at most one sign for its fraction and one for its groups of thousands; ' and every space only group.
_SPACES = "[ \xa0\u2009\u202f'’]"
_DECIMAL_POINT = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,9})?", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+")
_GROUPED = (
    re.compile(rf"[-+]?\d{{1,3}}(?:(?P<group>{_SPACES})\d{{3}})(?:(?P=group)\d{{3}})*(?P<point>[.,]\d+)?"),
    re.compile(r"[-+]?\d{1,3}(?P<group>,)\d{3}(?:(?:,\d{3})*(?P<point>\.\d+)|(?:,\d{3})+)"),
    re.compile(r"[-+]?\d{1,3}(?P<group>\.)\d{3}(?:(?:\.\d{3})*(?P<point>,\d+)|(?:\.\d{3})+)"),
)
_THOUSANDS_OR_FRACTION = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")

_WORDS = {
    True: (
        "true, t, yes, y, 1, 1.0, on, enabled, ✓, так, т, істина, да, д, истина, ja, j, wahr, oui, vrai, sí, si, sì, "
        "sim, verdadero, vero, tak, ano, áno"
    ),
    False: (
        "false, f, no, n, 0, 0.0, off, disabled, ✗, ні, н, хибність, нет, ложь, nein, falsch, non, faux, não, nao, "
        "falso, nie, ne"
    ),
}
_BOOLEANS = {word(written): value for value, words in _WORDS.items() for written in words.split(", ")}


def string(text: str) -> str:
    """The text exactly as written. Raises `Invalid`: "string_long" above 4,000 characters, "string_character"."""
    if len(text) > MAX_STRING:
        raise Invalid("string_long", _("“%(value)s” is longer than %(limit)d characters"), text, limit=MAX_STRING)
    if _UNSTORABLE.search(text):
        raise Invalid("string_character", _("“%(value)s” has a character that no text can hold"), text)
    return text


def number(text: str) -> Decimal:
    """The number of `1e3`, `-0.5`, `1 234,56`, `1,234.56`, `1.234,56`, without an exponent or zeros after the fraction.

    Raises `Invalid`: "number", "number_ambiguous" (1,234), "number_size" (over 40 digits), "number_long".
    """
    written = trimmed(text, "number", 200)
    plain = _with_point(written.replace("−", "-"))
    if not plain:
        raise Invalid("number", _("“%(value)s” is not a number"), written)
    value = Decimal(plain)
    first, last = value.adjusted(), int(value.as_tuple().exponent)
    if value and not (first <= LARGEST and last >= SMALLEST and first - last < MAX_DIGITS):
        raise Invalid("number_size", _("“%(value)s” has more than %(limit)d digits"), written, limit=MAX_DIGITS)
    if not value:
        return Decimal(0)
    fixed = f"{value:f}"
    return Decimal(fixed.rstrip("0").rstrip(".") if "." in fixed else fixed)


def boolean(text: str) -> bool:
    """From true/false, yes/no, 1/0, on/off, так/ні, да/нет, ja/nein and the like. Raises `Invalid`: "boolean"."""
    written = trimmed(text, "boolean", 100)
    try:
        return _BOOLEANS[word(written)]
    except KeyError:
        raise Invalid("boolean", _("“%(value)s” is neither true nor false"), written) from None


def _with_point(text: str) -> str:
    """The number in digits with a decimal point, or "" for none. Raises `Invalid` where a comma can mean two things."""
    if _DECIMAL_POINT.fullmatch(text):
        return text
    if _THOUSANDS_OR_FRACTION.fullmatch(text):
        message = _("“%(value)s” is ambiguous: write %(thousands)s or %(fraction)s")
        thousands, fraction = text.replace(",", ""), text.replace(",", ".")
        raise Invalid("number_ambiguous", message, text, thousands=thousands, fraction=fraction)
    if _DECIMAL_COMMA.fullmatch(text):
        return text.replace(",", ".")
    for grouped in _GROUPED:
        if match := grouped.fullmatch(text):
            return text.replace(match["group"], "").replace(",", ".")
    return ""
