"""A first look at a text with Liquid, linear in its length: what it finds would make the real parser slow or obscure.

The parser searches for the end of each tag, to the end of the text if need be, and tells of what it misses in words for
programmers. So ends are looked for here, within bounds, and what is wrong is told in words for whoever writes messages.
"""

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import NamedTuple

from django.utils.translation import gettext as _

from messaging.content.language import BLOCKS, INNER, TAGS

MAX_EXPRESSION = 1_000
MAX_EXPRESSIONS = 2_000
MAX_ALL_EXPRESSIONS = 40_000
_OPENING = re.compile(r"\{[{%]")
_NAME = re.compile(r"-?\s{0,100}(#|\w*)")
_END_RAW = re.compile(r"\{%-?\s{0,100}endraw\s{0,100}-?%\}")
_LONG_GAP = re.compile(r"\s{101}")


class Misread(Exception):
    """What is wrong with the Liquid of a text, in words, and where it stands in it."""

    def __init__(self, words: str, index: int = 0) -> None:
        super().__init__(words)
        self.words = words
        self.index = index


class _Block(NamedTuple):
    name: str
    at: int


def scan(source: str) -> None:
    """Raises `Misread` for the first thing that is wrong with the tags of a text."""
    place = count = length = 0
    blocks: list[_Block] = []
    while opening := _OPENING.search(source, place):
        count += 1
        inner = _inner(source, opening)
        length += len(inner)
        if count > MAX_EXPRESSIONS or length > MAX_ALL_EXPRESSIONS:
            raise Misread(_("There is too much Liquid in this text: put the variables into fewer places."))
        place = opening.end() + len(inner) + 2
        if opening.group() == "{%":
            name = _name(inner, opening.start())
            place = _behind_raw(source, opening.start(), place) if name == "raw" else place
            _nest(blocks, name, opening.start())
    if blocks:
        last = blocks[-1]
        facts = {"tag": f"{{% {last.name} %}}", "end": f"{{% end{last.name} %}}"}
        raise Misread(_("%(tag)s is not closed: %(end)s is missing.") % facts, last.at)


def nearest(word: str, known: Collection[str]) -> str:
    """The known word that was meant most probably; "" where none is near."""
    by_lower = {each.lower(): each for each in sorted(known)}
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[near[0]] if near else ""


def _inner(source: str, opening: re.Match[str]) -> str:
    """What stands between the braces."""
    start = opening.end()
    closing = "}}" if opening.group() == "{{" else "%}"
    end = source.find(closing, start, start + MAX_EXPRESSION)
    inner = source[start : max(end, start)]
    facts = {"opening": opening.group(), "closing": closing}
    if end < 0 or _OPENING.search(inner):
        raise Misread(_("“%(opening)s” is not closed: “%(closing)s” is missing.") % facts, opening.start())
    if not inner.strip(" \t\r\n-"):
        raise Misread(_("Nothing stands between “%(opening)s” and “%(closing)s”.") % facts, opening.start())
    if _LONG_GAP.search(inner):
        raise Misread(_("There are too many spaces in a row."), opening.start())
    return inner


def _name(inner: str, index: int) -> str:
    found = _NAME.match(inner)
    name = found.group(1) if found else ""
    if name in TAGS:
        return name
    words = _("Liquid has no tag “%(name)s” here.") % {"name": name or inner.strip()[:20]}
    if near := nearest(name, TAGS):
        words += " " + _("Did you mean “%(near)s”?") % {"near": near}
    raise Misread(words, index)


def _behind_raw(source: str, index: int, place: int) -> int:
    """Nothing is Liquid up to the end of the block."""
    end = _END_RAW.search(source, place)
    if end is None:
        raise Misread(
            _("%(tag)s is not closed: %(end)s is missing.") % {"tag": "{% raw %}", "end": "{% endraw %}"}, index
        )
    return end.end()


def _nest(blocks: list[_Block], name: str, index: int) -> None:
    """Opens or closes a block, or finds that a tag has no business where it stands."""
    around = blocks[-1].name if blocks else ""
    if name in BLOCKS:
        blocks.append(_Block(name, index))
    elif name == f"end{around}":
        blocks.pop()
    elif name.startswith("end") and around:
        facts = {"tag": f"{{% {name} %}}", "open": f"{{% {around} %}}"}
        raise Misread(_("%(tag)s does not close %(open)s, which is open here.") % facts, index)
    elif name.startswith("end") or (name in INNER and name not in BLOCKS.get(around, ())):
        raise Misread(_("%(tag)s closes or belongs to nothing here.") % {"tag": f"{{% {name} %}}"}, index)
