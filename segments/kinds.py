"""What can be asked of a value, by its kind: the operators of conditions and what each of them needs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class Kind(Enum):
    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    # Always yes or no, never unknown.
    FACT = "fact"
    STATE = "state"
    SEGMENT = "segment"
    DEED = "deed"


class Needs(Enum):
    """What stands behind an operator."""

    NOTHING = "nothing"
    VALUE = "value"
    PAIR = "pair"
    LIST = "list"
    DAYS = "days"
    TIMES = "times"


@dataclass(frozen=True)
class Operator:
    key: str
    label: StrOrPromise
    needs: Needs
    # The operator that this one is the contrary of.
    contrary_of: str = ""


_SET = (
    Operator("set", _("has a value"), Needs.NOTHING),
    Operator("unset", _("has no value"), Needs.NOTHING, "set"),
)
_SAME = (
    Operator("is", _("is"), Needs.VALUE),
    Operator("is_not", _("is not"), Needs.VALUE, "is"),
    Operator("any_of", _("is one of"), Needs.LIST),
)
_YES_NO = (Operator("yes", _("yes"), Needs.NOTHING), Operator("no", _("no"), Needs.NOTHING))

OPERATORS: Mapping[Kind, Sequence[Operator]] = {
    Kind.TEXT: (
        *_SAME,
        Operator("contains", _("contains"), Needs.VALUE),
        Operator("contains_not", _("does not contain"), Needs.VALUE, "contains"),
        Operator("starts", _("starts with"), Needs.VALUE),
        Operator("ends", _("ends with"), Needs.VALUE),
        *_SET,
    ),
    Kind.CHOICE: (*_SAME, *_SET),
    Kind.NUMBER: (
        *_SAME,
        Operator("greater", _("is greater than"), Needs.VALUE),
        Operator("less", _("is less than"), Needs.VALUE),
        Operator("between", _("is between"), Needs.PAIR),
        *_SET,
    ),
    Kind.DATE: (
        Operator("in_last", _("in the last … days"), Needs.DAYS),
        Operator("before_last", _("more than … days ago"), Needs.DAYS),
        Operator("in_next", _("in the next … days"), Needs.DAYS),
        Operator("anniversary", _("has its anniversary within … days"), Needs.DAYS),
        Operator("is", _("is on"), Needs.VALUE),
        Operator("before", _("is before"), Needs.VALUE),
        Operator("after", _("is after"), Needs.VALUE),
        Operator("between", _("is between"), Needs.PAIR),
        *_SET,
    ),
    Kind.BOOLEAN: (*_YES_NO, *_SET),
    Kind.FACT: (_YES_NO[0], Operator("no", _("no"), Needs.NOTHING, "yes")),
    Kind.STATE: (_SAME[0], _SAME[1]),
    Kind.SEGMENT: (
        Operator("member", _("is in"), Needs.VALUE),
        Operator("not_member", _("is not in"), Needs.VALUE, "member"),
    ),
    Kind.DEED: (
        Operator("at_least", _("at least … times"), Needs.TIMES),
        Operator("at_most", _("at most … times"), Needs.TIMES),
        Operator("never", _("not once"), Needs.NOTHING),
    ),
}


def operators_of(kind: Kind) -> dict[str, Operator]:
    return {operator.key: operator for operator in OPERATORS[kind]}


@dataclass(frozen=True)
class Field:
    """Something that a condition can ask about. `choices` are pairs of value and label, where there are only these."""

    key: str
    label: str
    group: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()
    # Not offered any more; conditions that have it go on.
    is_archived: bool = False
    # Only the choices will do.
    is_closed: bool = True
    # Told by messages, which have an origin and may be of a campaign.
    by_message: bool = False

    def choice(self, value: str) -> str:
        """The label of a value; the value itself where it has gone."""
        return dict(self.choices).get(value, value)
