"""Rows of the Variables tab as HTML.

In Python, since there may be hundreds: as templates they took twice the time of all the rest of the page.
"""

from functools import cached_property

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.markup import escaped, filled
from contacts.variable_types import Type
from contacts.variables import Group, Variable

_STANDARD = gettext_lazy("Standard")
_ORIGINS = {
    Group.CONTACT: gettext_lazy("Your own"),
    Group.LIST: gettext_lazy("List"),
    Group.ACCOUNT: gettext_lazy("Account"),
}


class RowWriter:
    """Writes the rows of one page.

    `edits` is the address of a value's form for its place, with `/name/` for the variable's name; `changes` are those
    of where values of a group are changed, with `/0/` for the number. "" for who may not.
    """

    def __init__(self, *, edits: str, changes: dict[Group, str]) -> None:
        self.edits = edits
        self.changes = changes

    def row(self, variable: Variable) -> SafeString:
        """The cells: label and name, value, type and origin, how a message names it."""
        name, label = escaped(variable.name), escaped(variable.label)
        return mark_safe(  # noqa: S308 - all is escaped
            f'<th scope="row">{f"<bdi>{label}</bdi> " if label else ""}<code>{name}</code>{_labels(variable)}</th>'
            f"<td>{self._value(variable, name, label)}</td>"
            f"<td><span>{self._abouts[variable.group, variable.type, variable.is_standard]}"
            f"{self._change(variable, name)}</span></td>"
            f'<td><code><span class="brace">{{{{ </span>{name}<span class="brace"> }}}}</span></code></td>'
        )

    def _value(self, variable: Variable, name: str, label: str) -> str:
        shown = f'<bdi class="lines">{escaped(variable.shown)}</bdi>' if variable.shown else self._empty
        if not (self.edits and variable.is_editable):
            return f'<div><span class="value">{shown}</span></div>'
        url = self.edits.replace("/name/", f"/{name}/")
        return (
            f'<div id="variable-{name}" data-value><span class="value">{shown}</span>'
            f' <a class="edit" href="{url}" hx-get="{url}" hx-target="closest [data-value]">'
            f'<span class="visually-hidden">{self._edit} {label or name}</span></a></div>'
        )

    def _change(self, variable: Variable, name: str) -> str:
        if not (pattern := self.changes.get(variable.group, "")):
            return ""
        url = pattern.replace("/0/", f"/{variable.pk}/")
        return f' <a href="{url}">{self._change_words}<span class="visually-hidden"> {name}</span></a>'

    @cached_property
    def _change_words(self) -> str:
        return escaped(_("Change"))

    @cached_property
    def _abouts(self) -> dict[tuple[Group, str, bool], SafeString]:
        return {
            (group, type_, is_standard): filled("{} <small>{}</small>", label, _origin(group, is_standard))
            for type_, label in Type.choices
            for group in Group
            for is_standard in (True, False)
        }

    @cached_property
    def _empty(self) -> SafeString:
        return filled('<span class="none">{}</span>', _("empty"))

    @cached_property
    def _edit(self) -> str:
        return escaped(_("Edit"))


def _origin(group: Group, is_standard: bool) -> str | Promise:
    return _STANDARD if group is Group.CONTACT and is_standard else _ORIGINS[group]


def _labels(variable: Variable) -> SafeString | str:
    if not (variable.is_archived or variable.winner):
        return ""
    return mark_safe(render_to_string("contacts/variable_labels.html", {"it": variable}))  # noqa: S308 - of a template
