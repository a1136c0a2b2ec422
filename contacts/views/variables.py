from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from activity.requests import StaffRequest
from contacts.models import Contact
from contacts.profile import profile_context
from contacts.variable_types import Type
from contacts.variables import Group, Variable, Vocabulary
from contacts.views.profile import contact_or_404

MOST_CHARACTERS = 200


@dataclass(frozen=True)
class ShownVariable:
    """A row of the tab. `change_url` leads to where the value is changed, `edit_url` to the form for its place.

    "" for who may not, or where it is not."""

    variable: Variable
    type: str | Promise
    origin: str | Promise
    winner: str | Promise
    change_url: str
    edit_url: str


@dataclass(frozen=True)
class ShownGroup:
    """A group of rows. `add_url` leads to where another one is made, "" for who may not."""

    key: str
    label: str | Promise
    rows: Sequence[ShownVariable]
    add_url: str


# What is changed in Components, and the model that it is there.
_COMPONENTS = {Group.LIST: "contactlist", Group.ACCOUNT: "accountvariable"}
_ADDED = {Group.CONTACT: "variabledefinition", Group.ACCOUNT: "accountvariable"}
_TYPES = dict(Type.choices)
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
        **profile_context(contact, tab="variables"),
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


def _rows(request: StaffRequest, contact: Contact, group: Group, shown: Sequence[Variable]) -> list[ShownVariable]:
    may_edit = request.user.has_perm("contacts.change_contact")
    # Reversed once: each time takes as long as a row.
    edits = reverse("contacts:edit", args=[contact.pk, "name"]) if may_edit else ""
    pattern = _admin_url(request, _COMPONENTS.get(group, ""), "change", 0)
    return [
        ShownVariable(
            variable,
            _TYPES[variable.type],
            _STANDARD if group is Group.CONTACT and variable.is_standard else _ORIGINS[group],
            variable.winner.label if variable.winner else "",
            pattern.replace("/0/", f"/{variable.pk}/"),
            edits.replace("/name/", f"/{variable.name}/") if variable.is_editable else "",
        )
        for variable in shown
    ]


def _admin_url(request: StaffRequest, model: str, action: str, *arguments: int) -> str:
    """The address in the admin; "" for who may not go there."""
    if not model or not (request.user.is_staff and request.user.has_perm(f"contacts.{action}_{model}")):
        return ""
    return reverse(f"admin:contacts_{model}_{action}", args=arguments)
