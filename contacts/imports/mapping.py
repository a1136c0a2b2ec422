"""What becomes of each column of a file, as its owner decided."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.utils.translation import gettext as _

from contacts.imports import consents
from contacts.imports.columns import TARGETS
from contacts.imports.consents import Statement
from contacts.variable_names import reason_against
from contacts.variable_types import Type

# Which attribute of a contact a target fills; a full name fills two.
FIELDS = {
    "userId": ("user_id",),
    "email": ("email",),
    "phoneNumber": ("phone",),
    "firstName": ("first_name",),
    "lastName": ("last_name",),
    "fullName": ("first_name", "last_name"),
    "birthday": ("birthday",),
    "gender": ("gender",),
    "language": ("language",),
    "source": ("source",),
    "timezone": ("timezone",),
    "avatarUrl": ("avatar_url",),
    "scoreBase": ("score_base",),
    # These are no attributes: what they change is kept elsewhere.
    **{key: (name,) for key, name in consents.FIELDS.items()},
}
IDENTIFIERS = ("user_id", "email", "phone")
ORDERS = ("", "dmy", "mdy")


@dataclass(frozen=True)
class Column:
    """One mapped column: its place in the row, and a standard value's key or a variable's name and type."""

    index: int
    header: str
    target: str = ""
    variable: str = ""
    type: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        return FIELDS.get(self.target, ())


@dataclass(frozen=True)
class Mapping:
    """All the decisions of the mapping page. `width` is how many cells a row of this file has."""

    width: int
    columns: list[Column] = field(default_factory=list)
    date_order: str = ""
    clear_blanks: bool = False
    source_id: int | None = None
    # Without it nobody is subscribed.
    consent: Statement | None = None

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Self:
        columns = [Column(**column) for column in stored["columns"]]
        consent = Statement(**stored["consent"]) if stored.get("consent") else None
        return cls(**{**stored, "columns": columns, "consent": consent})

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def fields(self) -> list[str]:
        """The attributes of a contact that this mapping fills, without `variables`."""
        return [name for column in self.columns if column.target not in consents.FIELDS for name in column.fields]

    @property
    def consents(self) -> list[str]:
        """The keys of the columns that change what may be sent."""
        return [column.target for column in self.columns if column.target in consents.FIELDS]

    @property
    def variables(self) -> list[Column]:
        return [column for column in self.columns if column.variable]


def problems(mapping: Mapping, *, known: dict[str, str], archived: Collection[str] = ()) -> list[str]:
    """Why the file cannot be imported like this, in words; empty where it can.

    `known`: names and types of the account's variables that are in use. `archived`: names of those that are not.
    """
    found = []
    labels = {target.key: str(target.label) for target in TARGETS}
    if not set(mapping.fields) & set(IDENTIFIERS):
        found.append(
            _("Choose at least one column for the ID, the email or the phone number: contacts are told apart by them.")
        )
    for columns in _by(mapping.columns, "target"):
        if len(columns) > 1:
            found.append(_two_for_one(columns, labels[columns[0].target]))
    if "fullName" in {c.target for c in mapping.columns} and {"first_name", "last_name"} & _fields_but(
        mapping, "fullName"
    ):
        found.append(_("A column for the full name leaves no place for one with the first or last name."))
    for columns in _by(mapping.columns, "variable"):
        name = columns[0].variable
        if len(columns) > 1:
            found.append(_two_for_one(columns, name))
        if reason := reason_against_variable(name, columns[0].type, known=known, archived=archived):
            found.append(reason)
    return found


def reason_against_variable(name: str, type_: str, *, known: dict[str, str], archived: Collection[str]) -> str:
    """Why a column cannot become this variable, in words; "" where it can. For the rest see `problems`."""
    if name in known:
        other = _("The variable “%(name)s” exists already, as %(type)s.")
        return "" if known[name] == type_ else other % {"name": name, "type": Type(known[name]).label}
    if name.lower() in {other.lower() for other in archived}:
        return _("The variable “%(name)s” is archived: an admin or a marketer restores it in Components.") % {
            "name": name
        }
    if name.lower() in {other.lower() for other in known}:
        return _("There is a variable “%(name)s” already, in other capitals: choose it instead.") % {"name": name}
    return reason_against(name)


def _by(columns: Iterable[Column], attribute: str) -> Iterable[list[Column]]:
    """The columns with the same target or variable, whatever the case."""
    groups: dict[str, list[Column]] = {}
    for column in columns:
        if key := getattr(column, attribute):
            groups.setdefault(key.lower(), []).append(column)
    return groups.values()


def _fields_but(mapping: Mapping, target: str) -> set[str]:
    return {name for column in mapping.columns if column.target != target for name in column.fields}


def _two_for_one(columns: list[Column], label: str) -> str:
    names = _(" and ").join(f"“{column.header}”" for column in columns)
    return _("%(columns)s are both meant for %(target)s: one column a value.") % {"columns": names, "target": label}
