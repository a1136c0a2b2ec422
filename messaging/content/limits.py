"""How much a template may make the machine do: steps, not seconds, so that what passed once passes again.

python-liquid's own limits count nested loops and the output only. A chain of filters, or loops one after the other,
needs more: each node, each filter by the length of what it reads, and each write costs steps of one budget.
"""

from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import Any, TextIO, TypeVar

from liquid import RenderContext
from liquid.builtin.tags.for_tag import ForNode, ForTag
from liquid.exceptions import LiquidError, ResourceLimitError
from liquid.token import Token
from liquid.undefined import UNDEFINED
from liquid.utils import ReadOnlyChainMap

# Done within about a second.
STEPS = 100_000
MAX_CHARACTERS = 1_000_000
MAX_KEPT = 4_000_000
MAX_ITEMS = 10_000
MAX_BITS = 256
_CHARACTERS_A_STEP = 256
_ITEMS_A_STEP = 16


class TooMuch(ResourceLimitError):
    """The template does more than a message may."""

    def __init__(self) -> None:
        super().__init__("too much", token=None)


class Misused(LiquidError):
    """A filter that cannot do with what it is given; `message` is its name."""


class Budget:
    """What is left of the steps of one rendering."""

    def __init__(self) -> None:
        self.left = STEPS

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise TooMuch


class LimitedText(StringIO):
    """Where the output goes; writing costs steps."""

    def __init__(self, budget: Budget, size: int = 0) -> None:
        super().__init__(newline="")
        self.budget = budget
        self.size = size

    def write(self, text: str, /) -> int:
        self.size += len(text)
        if self.size > MAX_CHARACTERS:
            raise TooMuch
        self.budget.spend(len(text) // _CHARACTERS_A_STEP)
        return super().write(text)

    def write_value(self, _value: str, text: str) -> int:
        """A value that a template puts out, and how it is written there."""
        return self.write(text)


_Text = TypeVar("_Text", bound=LimitedText)


class LimitedContext(RenderContext):
    """A render context whose every move costs steps. It knows the given names alone, not the server's clock."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.budget = Budget()
        self._weights: dict[str, int] = {}
        super().__init__(*args, **options)
        self.scope = ReadOnlyChainMap(self.locals, self.globals, self.counters)

    @property
    def disabled_tags(self) -> list[str]:
        """None is, but every node asks before it is rendered."""
        self.budget.spend(1)
        return []

    @disabled_tags.setter
    def disabled_tags(self, names: list[str]) -> None:
        """What the base class sets first."""

    def assign(self, key: str, val: Any) -> None:
        self._weights[key] = weight(val)
        if sum(self._weights.values()) > MAX_KEPT:
            raise TooMuch
        self.budget.spend(len(self._weights))
        super().assign(key, val)

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        found = super().get(path, token=token, default=default)
        if isinstance(found, str | list):
            self.budget.spend(len(found) // (_CHARACTERS_A_STEP if isinstance(found, str) else _ITEMS_A_STEP))
        return found

    def get_buffer(self, buf: TextIO | None = None) -> StringIO:
        return LimitedText(self.budget, buf.size if isinstance(buf, LimitedText) else 0)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        found = super().filter(name, token)

        def limited(*args: Any, **options: Any) -> object:
            self.budget.spend(1 + sum(map(weight, (*args, *options.values()))) // _CHARACTERS_A_STEP)
            if growth(name, *args) > MAX_CHARACTERS:
                raise TooMuch
            try:
                result = found(*args, **options)
            except (LiquidError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
                raise Misused(name, token=token) from error
            weight(result)
            return result

        return limited


class LimitedForNode(ForNode):
    """Looks at what it shall go through before anybody makes a list of it."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        weight(self.expression.iterable.evaluate(context))
        return super().render_to_output(context, buffer)


class LimitedForTag(ForTag):
    node_class = LimitedForNode


def weight(value: object) -> int:
    """How many characters a value stands for. Raises `TooMuch` for one that no message needs."""
    if isinstance(value, str):
        found = len(value)
    elif isinstance(value, range):
        # Its length may be beyond what `len` can say.
        found = max(0, value.stop - value.start) * MAX_CHARACTERS // MAX_ITEMS
    elif isinstance(value, int):
        found = MAX_CHARACTERS + 1 if value.bit_length() > MAX_BITS else 1
    elif isinstance(value, Sequence):
        found = MAX_CHARACTERS + 1 if len(value) > MAX_ITEMS else len(value) + sum(map(weight, value))
    else:
        found = 1
    if found > MAX_CHARACTERS:
        raise TooMuch
    return found


def growth(name: str, *args: Any) -> int:
    """How long the text would be that a filter makes of two others."""
    if name == "replace" and len(args) > 1:
        left, old, new = (str(each) for each in (*args, "")[:3])
        return len(left) + left.count(old) * len(new)
    if name == "join" and isinstance(args[0], Sequence):
        return weight(args[0]) + len(args[0]) * len(str(args[1] if len(args) > 1 else " "))
    return 0


def rendered(template: Any, values: Mapping[str, object], output: Callable[[Budget], _Text]) -> _Text:
    """What the output of a `liquid.BoundTemplate` went to. Raises `liquid.exceptions.LiquidError`, `TooMuch` too."""
    context = LimitedContext(template, globals=template.make_globals(values))
    buffer = output(context.budget)
    template.render_with_context(context, buffer)
    return buffer
