"""Rows of the Variables tab as HTML.

In Python, since there may be hundreds: as templates they took twice the time of all the rest of the page.
"""

from functools import cached_property

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
        label = format_html("<bdi>{}</bdi> ", variable.label) if variable.label else ""
        return format_html(
            '<th scope="row">{}<code>{}</code>{}</th><td>{}</td><td><span>{}{}</span></td>'
            '<td><code><span class="brace">{{{{ </span>{}<span class="brace"> }}}}</span></code></td>',
            label,
            variable.name,
            _labels(variable),
            self._value(variable),
            self._abouts[variable.group, variable.type, variable.is_standard],
            self._change(variable),
            variable.name,
        )

    def _value(self, variable: Variable) -> SafeString:
        shown = format_html('<bdi class="lines">{}</bdi>', variable.shown) if variable.shown else self._empty
        if not (self.edits and variable.is_editable):
            return format_html('<div><span class="value">{}</span></div>', shown)
        return format_html(
            '<div id="variable-{0}" data-value><span class="value">{1}</span> <a class="edit" href="{2}" hx-get="{2}"'
            ' hx-target="closest [data-value]"><span class="visually-hidden">{3} {4}</span></a></div>',
            variable.name,
            shown,
            self.edits.replace("/name/", f"/{variable.name}/"),
            self._edit,
            variable.label or variable.name,
        )

    def _change(self, variable: Variable) -> SafeString | str:
        if not (pattern := self.changes.get(variable.group, "")):
            return ""
        return format_html(
            ' <a href="{}">{}<span class="visually-hidden"> {}</span></a>',
            pattern.replace("/0/", f"/{variable.pk}/"),
            _("Change"),
            variable.name,
        )

    @cached_property
    def _abouts(self) -> dict[tuple[Group, str, bool], SafeString]:
        return {
            (group, type_, is_standard): format_html("{} <small>{}</small>", label, _origin(group, is_standard))
            for type_, label in Type.choices
            for group in Group
            for is_standard in (True, False)
        }

    @cached_property
    def _empty(self) -> SafeString:
        return format_html('<span class="none">{}</span>', _("empty"))

    @cached_property
    def _edit(self) -> str:
        return _("Edit")


def _origin(group: Group, is_standard: bool) -> str | Promise:
    return _STANDARD if group is Group.CONTACT and is_standard else _ORIGINS[group]


def _labels(variable: Variable) -> SafeString | str:
    if not (variable.is_archived or variable.winner):
        return ""
    return mark_safe(render_to_string("contacts/variable_labels.html", {"it": variable}))  # noqa: S308 - of a template
