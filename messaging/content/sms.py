"""How many SMS a text takes: 3GPP TS 23.038 (the default alphabet), TS 23.040 (long messages in parts)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each after an escape: two of the 7-bit units.
_EXTENSION = "^{}\\[~]|€\f"
_UNITS = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENSION, 2)


class Encoding(StrEnum):
    GSM7 = "GSM 7-bit"
    UCS2 = "UCS-2"


# Units of a message by itself, and of each part of a long one, whose header takes the rest of the 140 bytes.
ALONE = {Encoding.GSM7: 160, Encoding.UCS2: 70}
IN_PARTS = {Encoding.GSM7: 153, Encoding.UCS2: 67}


@dataclass(frozen=True)
class Length:
    """What a text takes. `units`: septets of GSM 7-bit, UTF-16 code units of UCS-2; `left`: up to the next part.

    `odd`: the characters, each once, for which the text does not go in GSM 7-bit.
    """

    encoding: Encoding
    units: int
    parts: int
    left: int
    odd: tuple[str, ...]


def length_of(text: str) -> Length:
    """No text takes one message, as a blank one does."""
    odd = tuple(dict.fromkeys(each for each in text if each not in _UNITS))
    encoding = Encoding.UCS2 if odd else Encoding.GSM7
    sizes = list(_sizes(text, encoding))
    units = sum(sizes)
    if units <= ALONE[encoding]:
        return Length(encoding, units, 1, ALONE[encoding] - units, odd)
    parts, last = _packed(sizes, IN_PARTS[encoding])
    return Length(encoding, units, parts, IN_PARTS[encoding] - last, odd)


def _sizes(text: str, encoding: Encoding) -> Iterator[int]:
    if encoding is Encoding.GSM7:
        return (_UNITS[each] for each in text)
    return (2 if each > "\uffff" else 1 for each in text)


def _packed(sizes: list[int], room: int) -> tuple[int, int]:
    """The number of parts and what the last one holds: no character is cut in two."""
    parts, used = 1, 0
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts, used
