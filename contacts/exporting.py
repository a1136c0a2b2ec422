"""The export of contacts: a file that our own import takes back as it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, Expression, F, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.audit import Actor
from activity.exports.cells import local_time, word
from activity.exports.links import files
from activity.exports.start import start
from activity.exports.steps import step
from activity.exports.tables import Column, Table, Type
from activity.handlers import Handler
from activity.models import Transfer
from activity.transfers import Refused
from contacts import identity
from contacts.export_forgetting import forget
from contacts.forms import FilterForm
from contacts.models import Contact, ContactList, VariableDefinition
from contacts.querysets import ContactQuerySet
from contacts.search import words_of
from contacts.values import IDENTIFIERS, VALUES
from contacts.variable_types import Type as VariableType

KIND = "contact_export"
DEEDS = {
    "run": gettext_lazy("Asked for an export of contacts"),
    "cancel": gettext_lazy("Cancelled an export of contacts"),
    "download": gettext_lazy("Downloaded an export of contacts"),
}
VARIABLE = "variable:"

_GENDERS = {code: label for code, label in identity.Gender.choices if code}
_CELLS: dict[str, Expression | F] = {
    "gender": word("gender", _GENDERS),
    "source": F("source__name"),
}
# Facts that an import passes over, by the names that it knows them by.
_FACTS: dict[str, Column] = {
    "active": Column("Active", Case(When(is_active=True, then=Value("yes")), default=Value("no"))),
    "added": Column("Added", local_time("added_at"), Type.TIME),
    "updated": Column("Last update", local_time("updated_at"), Type.TIME),
    "score": Column("Contact score", F("score"), Type.NUMBER),
    # No such fact: this one an import takes back.
    "scoreBase": Column("Base of the score", F("score_base"), Type.NUMBER),
}
_ORDER = (*IDENTIFIERS, *(name for name in VALUES if name not in IDENTIFIERS))


def choices() -> list[tuple[str, str]]:
    """The columns there are: standard values, the account's variables in use, facts that only the product sets."""
    own = [(f"{VARIABLE}{each.name}", str(each)) for each in VariableDefinition.objects.current()]
    facts = [(name, _(column.head)) for name, column in _FACTS.items()]
    return [*((name, str(VALUES[name].label)) for name in _ORDER), *own, *facts]


def start_contact_export(
    form: FilterForm, *, search: str, columns: Sequence[str], format_: str, actor: Actor
) -> Transfer:
    """Has the contacts that filters and search let through written into a file that `format_` names."""
    parameters = {
        "filters": {name: form[name].value() for name in form.chosen},
        "columns": list(columns),
        **({"search": search} if search else {}),
    }
    return start(kind=KIND, name="contacts", parameters=parameters, format_=format_, actor=actor)


def found_by(form: FilterForm, search: str) -> ContactQuerySet:
    """The contacts of a list that filters and search let through."""
    contacts = form.filtered(Contact.objects.of_list(form.contact_list))
    return contacts.containing(words_of(search)) if search else contacts


def table_of(transfer: Transfer) -> Table[Contact]:
    """The newest contact first. Raises `Refused` where a filter has no meaning any more and would let all through."""
    parameters = transfer.parameters
    with timezone.override(parameters["zone"]):
        form = _filters(parameters["filters"])
        if form.chosen.keys() != parameters["filters"].keys():
            raise Refused(_("What was filtered by is not there any more. Ask for the export anew."))
        rows = found_by(form, parameters.get("search", ""))
    return Table(_columns(parameters["columns"]), rows, order=("id",), descending=True, zone=parameters["zone"])


def described(transfer: Transfer) -> list[tuple[str, str]]:
    """What is in the file, as pairs of label and text. A search is forgotten once the file is there."""
    found = [(_("Columns"), ", ".join(column.head for column in _columns(transfer.parameters["columns"])))]
    if search := transfer.parameters.get("search"):
        found.append((_("Search"), search))
    return found + filters_in_words(_filters(transfer.parameters["filters"]))


def filters_in_words(form: FilterForm) -> list[tuple[str, str]]:
    """The filters in force, as pairs of label and text."""
    return [(str(form[name].label), _shown(form, name, value)) for name, value in form.chosen.items()]


def _shown(form: FilterForm, name: str, value: Any) -> str:
    options = dict(getattr(form.fields[name], "choices", [])) if isinstance(value, str) else {}
    return str(options.get(value, value))


def _filters(chosen: Mapping[str, str]) -> FilterForm:
    data = QueryDict(mutable=True)
    data.update({name: str(value) for name, value in chosen.items()})
    return FilterForm(data, contact_list=ContactList.default())


def _columns(names: Sequence[str]) -> list[Column]:
    types = dict(VariableDefinition.objects.values_list("name", "type"))
    return [_column(name, types) for name in names]


def _column(name: str, types: Mapping[str, str]) -> Column:
    if name in _FACTS:
        return _FACTS[name]
    if name in VALUES:
        value = VALUES[name]
        return Column(str(value.label), _CELLS.get(name, F(value.attribute)))
    variable = name.removeprefix(VARIABLE)
    is_number = types.get(variable) == VariableType.NUMBER
    return Column(variable, KeyTextTransform(variable, "variables"), Type.NUMBER if is_number else Type.TEXT)


HANDLER = Handler(
    kind=KIND,
    label=gettext_lazy("Contact export"),
    steps={"run": step(table_of)},
    url_name="activity:transfer",
    described=described,
    files=files,
    forget=forget,
)
