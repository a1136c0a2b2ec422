"""The Liquid of messages: which of its tags and filters there are, in plain texts and in HTML.

Tags and filters are python-liquid's. Left out is what loads other templates, what takes objects apart (values are
plain), and `safe`: what comes from a contact is escaped in HTML, whatever the template does.
"""

import datetime
from typing import TextIO

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from liquid import Environment, RenderContext
from liquid.builtin.output import Output, OutputNode
from liquid.exceptions import FilterArgumentError
from liquid.stringify import to_liquid_string
from liquid.token import TOKEN_CONTENT, TOKEN_ILLEGAL, TOKEN_OUTPUT

from messaging.content.limits import MAX_ITEMS, LimitedForTag, LimitedText

# Each block with the tags that may stand within it and belong to it.
BLOCKS: dict[str, tuple[str, ...]] = {
    "if": ("elsif", "else"),
    "unless": ("elsif", "else"),
    "case": ("when", "else"),
    "for": ("else",),
    "capture": (),
    "comment": (),
}
_SINGLE = ("assign", "break", "continue", "cycle", "decrement", "echo", "increment", "#")
# All that may stand behind `{%`; the lexer itself reads `raw`.
INNER = frozenset(part for parts in BLOCKS.values() for part in parts)
TAGS = frozenset([*BLOCKS, *(f"end{name}" for name in BLOCKS), *INNER, *_SINGLE, "raw", "endraw"])
FILTERS = (
    "abs", "append", "at_least", "at_most", "capitalize", "ceil", "compact", "concat", "date", "default", "divided_by",
    "downcase", "escape", "escape_once", "first", "floor", "join", "last", "lstrip", "minus", "modulo", "newline_to_br",
    "plus", "prepend", "remove", "remove_first", "remove_last", "replace", "replace_first", "replace_last", "reverse",
    "round", "rstrip", "size", "slice", "sort", "sort_natural", "split", "squish", "strip", "strip_newlines", "times",
    "truncate", "truncatewords", "uniq", "upcase", "url_decode", "url_encode",
)  # fmt: skip
_MAX_FORMAT = 100


class ValueNode(OutputNode):
    """`{{ … }}`, told from the text around it."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self.expression.evaluate(context)
        text = to_liquid_string(value, context.autoescape)
        if not isinstance(buffer, LimitedText):
            return buffer.write(text)
        return buffer.write_value(value if type(value) is str else str(text), text)


class ValueTag(Output):
    node_class = ValueNode


class Language(Environment):
    """Liquid with what messages may use of it. With `autoescape` values are escaped, the template's own text is not."""

    block_nesting_limit = 30
    loop_iteration_limit = MAX_ITEMS

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        kept = {TOKEN_CONTENT, TOKEN_OUTPUT, TOKEN_ILLEGAL, *BLOCKS, *_SINGLE}
        self.tags = {name: tag for name, tag in self.tags.items() if name in kept}
        self.add_tag(LimitedForTag)
        self.add_tag(ValueTag)
        self.filters = {name: self.filters[name] for name in FILTERS} | {"date": date, "uniq": uniq}


def date(value: object, form: object = "%Y-%m-%d") -> object:
    """A date, its ISO text or "now" by strftime(3), in English; whatever is no date stays as it is."""
    if len(str(form)) > _MAX_FORMAT:
        raise FilterArgumentError("a format of a date is shorter", token=None)
    if value in ("now", "today"):
        value = timezone.localtime()
    moment = (parse_datetime(value) or parse_date(value)) if isinstance(value, str) else value
    return moment.strftime(str(form)) if isinstance(moment, datetime.date) else value


def uniq(value: object) -> object:
    """Each item once, where it first stands."""
    return list(dict.fromkeys(value)) if isinstance(value, list) else value


PLAIN, HTML = Language(), Language(autoescape=True)
