from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from activity.requests import StaffRequest
from contacts.models import Contact
from contacts.profile import profile_context
from contacts.variable_rows import RowWriter
from contacts.variables import Group, Variable, Vocabulary
from contacts.views.editing import FROM_TAB
from contacts.views.profile import contact_or_404

MOST_CHARACTERS = 200


@dataclass(frozen=True)
class ShownGroup:
    """A group with its rows as HTML. `add_url` leads to where another one is made, "" for who may not."""

    key: str
    label: str | Promise
    rows: Sequence[SafeString]
    add_url: str


# What is changed in Components, and the model that it is there.
_COMPONENTS = {Group.LIST: "contactlist", Group.ACCOUNT: "accountvariable"}
_ADDED = {Group.CONTACT: "variabledefinition", Group.ACCOUNT: "accountvariable"}


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
    may_edit = request.user.has_perm("contacts.change_contact")
    writer = RowWriter(
        edits=f"{reverse('contacts:edit', args=[contact.pk, 'name'])}?from={FROM_TAB}" if may_edit else "",
        changes={group: _admin_url(request, model, "change", 0) for group, model in _COMPONENTS.items()},
    )
    shown = [variable for variable in found if not words or variable.contains(words)]
    return [
        ShownGroup(
            group.value,
            group.label,
            [writer.row(variable) for variable in shown if variable.group == group],
            _admin_url(request, _ADDED.get(group, ""), "add"),
        )
        for group in Group
    ]


def _admin_url(request: StaffRequest, model: str, action: str, *arguments: int) -> str:
    """The address in the admin; "" for who may not go there."""
    if not model or not (request.user.is_staff and request.user.has_perm(f"contacts.{action}_{model}")):
        return ""
    return reverse(f"admin:contacts_{model}_{action}", args=arguments)
