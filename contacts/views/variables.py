from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from activity.requests import StaffRequest
from contacts.models import Contact
from contacts.profile import profile_context
from contacts.variable_types import Type
from contacts.variables import Group, Variable, Vocabulary
from contacts.views.profile import contact_or_404

MOST_CHARACTERS = 200


class Row(TypedDict):
    """A variable as the tab shows it: few values, each a key, since there may be hundreds of rows."""

    name: str
    label: str
    value: str
    # Type and origin, as HTML.
    about: str
    reference: str
    # Where the value is changed; "" for who may not, or where it is not.
    change_url: str
    # Where its form for this very place is; "" for who may not, or where it is not edited here.
    edit_url: str
    # Set for those only that are archived, or one of several of their name.
    special: Variable | None
    winner: str


@dataclass(frozen=True)
class ShownGroup:
    """A group of rows. `add_url` leads to where another one is made, "" for who may not."""

    key: str
    label: str | Promise
    rows: Sequence[Row]
    add_url: str


# What is changed in Components, and the model that it is there.
_COMPONENTS = {Group.LIST: "contactlist", Group.ACCOUNT: "accountvariable"}
_ADDED = {Group.CONTACT: "variabledefinition", Group.ACCOUNT: "accountvariable"}
_STANDARD = _("Standard")
_ORIGINS = {Group.CONTACT: _("Your own"), Group.LIST: _("List"), Group.ACCOUNT: _("Account")}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.view_contact", raise_exception=True)
def variables(request: StaffRequest, pk: int) -> HttpResponse:
    """The Variables tab. A search without JavaScript is a POST: what is looked for may be a personal value."""
    contact = contact_or_404(pk)
    text = request.POST.get("q", "").strip()[:MOST_CHARACTERS]
    found = Vocabulary.load().variables_of(contact)
    groups = _groups(request, contact, found, text.lower().split())
    context = {
        **profile_context(contact, tab="variables", count=len(found)),
        "groups": groups,
        "total": len(found),
        "shown": sum(len(group.rows) for group in groups),
        "q": text,
    }
    return render(request, "contacts/variables_tab.html", context)


def _groups(
    request: StaffRequest, contact: Contact, found: Sequence[Variable], words: Sequence[str]
) -> list[ShownGroup]:
    """The groups with those of their variables that contain every word."""
    shown = [variable for variable in found if not words or variable.contains(words)]
    return [
        ShownGroup(
            group.value,
            group.label,
            _rows(request, contact, group, [variable for variable in shown if variable.group == group]),
            _admin_url(request, _ADDED.get(group, ""), "add"),
        )
        for group in Group
    ]


def _rows(request: StaffRequest, contact: Contact, group: Group, shown: Sequence[Variable]) -> list[Row]:
    # Addresses are reversed once: each time takes as long as a row.
    may_edit = request.user.has_perm("contacts.change_contact")
    edits = reverse("contacts:edit", args=[contact.pk, "name"]) if may_edit else ""
    pattern = _admin_url(request, _COMPONENTS.get(group, ""), "change", 0)
    abouts = {
        (type_, is_standard): format_html("{} <small>{}</small>", label, _origin(group, is_standard))
        for type_, label in Type.choices
        for is_standard in (True, False)
    }
    return [
        Row(
            name=variable.name,
            label=str(variable.label),
            value=variable.shown,
            about=abouts[variable.type, variable.is_standard],
            reference=variable.reference,
            change_url=pattern.replace("/0/", f"/{variable.pk}/"),
            edit_url=edits.replace("/name/", f"/{variable.name}/") if variable.is_editable else "",
            special=variable if variable.is_archived or variable.winner else None,
            winner=str(variable.winner.label) if variable.winner else "",
        )
        for variable in shown
    ]


def _origin(group: Group, is_standard: bool) -> str | Promise:
    return _STANDARD if group is Group.CONTACT and is_standard else _ORIGINS[group]


def _admin_url(request: StaffRequest, model: str, action: str, *arguments: int) -> str:
    """The address in the admin; "" for who may not go there."""
    if not model or not (request.user.is_staff and request.user.has_perm(f"contacts.{action}_{model}")):
        return ""
    return reverse(f"admin:contacts_{model}_{action}", args=arguments)
