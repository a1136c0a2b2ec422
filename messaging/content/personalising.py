"""Puts a contact's values into a text with Liquid."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from liquid import BoundTemplate
from liquid.ast import Node
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.tags.for_tag import ForNode
from liquid.exceptions import LiquidError, ResourceLimitError
from liquid.expression import Expression
from liquid.static_analysis import Variable

from messaging.content.content import ContentRefused
from messaging.content.gaps import Gapped, GappedText
from messaging.content.language import FILTERS, HTML, PLAIN
from messaging.content.limits import Budget, LimitedText, Misused, rendered
from messaging.content.scanning import Misread, nearest, scan

_Text = TypeVar("_Text", bound=LimitedText)


@dataclass(frozen=True)
class Used:
    """A variable that a text takes from outside, and where it stands; `of` is what is asked of it, "" for itself."""

    name: str
    of: str
    index: int


@dataclass(frozen=True)
class Personal:
    """A text whose Liquid is understood."""

    source: str
    template: BoundTemplate
    variables: tuple[Used, ...]

    @property
    def names(self) -> list[str]:
        """Each once, in their order."""
        return list(dict.fromkeys(each.name for each in self.variables))


def personalised(source: str, values: Mapping[str, object], *, path: str, html: bool = False) -> str:
    """The text as the contact gets it. `html`: values are escaped. Raises `ContentRefused`."""
    return _filled(source, values, LimitedText, path=path, html=html).getvalue()


def gapped(source: str, values: Mapping[str, object], *, path: str) -> Gapped:
    """The same of HTML, with gaps where values are. Raises `ContentRefused`."""
    return _filled(source, values, GappedText, path=path, html=True).gapped()


def _filled(
    source: str, values: Mapping[str, object], output: Callable[[Budget], _Text], *, path: str, html: bool
) -> _Text:
    text = understood(source, values.keys(), path=path, html=html)
    try:
        return rendered(text.template, values, output)
    except (LiquidError, RecursionError) as error:
        raise _refused(source, _misread(error), path) from error


def understood(source: str, known: Collection[str] | None, *, path: str, html: bool = False) -> Personal:
    """The text with its Liquid read, all of whose variables are `known`; None: any may be. Raises `ContentRefused`."""
    try:
        text = _read(source, html)
        for used in text.variables:
            _look_at(used, known)
    except Misread as error:
        raise _refused(source, error, path) from error
    return text


@lru_cache(maxsize=64)
def _read(source: str, html: bool) -> Personal:
    """Raises `Misread`. Kept for some texts: a campaign is one text and many contacts."""
    scan(source)
    try:
        template = (HTML if html else PLAIN).from_string(source)
        _look_for_ranges(template.nodes)
        found = template.analyze(include_partials=False)
    except (LiquidError, RecursionError) as error:
        raise _misread(error) from error
    for name, spans in found.filters.items():
        if name not in FILTERS:
            words = _("There is no filter “%(name)s”.") % {"name": name}
            raise Misread(_with_nearest(words, name, FILTERS), spans[0].index)
    return Personal(source, template, tuple(sorted(_used(found.globals), key=lambda each: each.index)))


def _used(variables: Mapping[str, list[Variable]]) -> Iterator[Used]:
    for places in variables.values():
        for each in places:
            name, *rest = each.segments
            yield Used(str(name), ".".join(map(str, rest)), each.span.index)


def _look_at(used: Used, known: Collection[str] | None) -> None:
    if known is not None and used.name not in known:
        words = _("There is no variable “%(name)s”.") % {"name": used.name}
        raise Misread(_with_nearest(words, used.name, known), used.index)
    if used.of not in ("", "size"):
        words = _("“%(name)s” has no “%(of)s”: it is a plain value.")
        raise Misread(words % {"name": used.name, "of": used.of}, used.index)


def _look_for_ranges(nodes: Collection[Node]) -> None:
    """Ranges such as (1..9) stand in loops only: elsewhere a long one keeps the machine busy before anybody counts."""
    waiting: list[Node | Expression] = list(nodes)
    while waiting:
        here = waiting.pop()
        if isinstance(here, RangeLiteral):
            raise Misread(_("A range such as (1..9) can stand only behind the “in” of a loop."), here.token.start_index)
        waiting.extend(_within(here))


def _within(here: Node | Expression) -> Iterator[Node | Expression]:
    if not isinstance(here, Node):
        yield from here.children()
        return
    yield from here.children(_NO_CONTEXT, include_partials=False)
    if isinstance(here, ForNode):
        loop = here.expression.children()
        yield from (part for part in loop if not isinstance(part, RangeLiteral))
    else:
        yield from here.expressions()


# Only tags that load other templates would look into one.
_NO_CONTEXT: Any = None


def _misread(error: LiquidError | RecursionError) -> Misread:
    token = getattr(error, "token", None)
    index = max(0, token.start_index) if token else 0
    if isinstance(error, ResourceLimitError | RecursionError):
        return Misread(_("This text makes Liquid do too much: shorten its loops and its chains of filters."), index)
    if isinstance(error, Misused):
        return Misread(_("The filter “%(name)s” cannot do this with these values.") % {"name": error.message}, index)
    return Misread(_("Liquid cannot read this: %(reason)s.") % {"reason": getattr(error, "message", "")}, index)


def _with_nearest(words: str, name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return f"{words} " + _("Did you mean “%(near)s”?") % {"near": near} if near else words


def _refused(source: str, error: Misread, path: str) -> ContentRefused:
    before = source[: error.index]
    line = before.count("\n") + 1
    return ContentRefused(error.words, path, line=line, column=error.index - before.rfind("\n"))
