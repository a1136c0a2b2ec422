from typing import NamedTuple

from django.contrib.auth.decorators import permission_required
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from activity.models import CustomEventType
from activity.requests import StaffRequest
from contacts.models import AccountVariable, ContactList, Source, VariableDefinition


class Kind(NamedTuple):
    """A kind of component as the page describes it."""

    model: type[Model]
    title: str | Promise
    words: str | Promise
    icon: str
    # The names of its own pages; "" where it is changed in the administration.
    list_page: str = ""
    add_page: str = ""


KINDS: list[Kind] = [
    Kind(Source, _("Sources"), _("How people were acquired, and what that costs."), "map-pin"),
    Kind(
        VariableDefinition,
        _("Contact variables"),
        _("The account’s own facts about people, such as a city or a size, and their types."),
        "tag",
    ),
    Kind(
        AccountVariable,
        _("Account variables"),
        _("Values that are the same in every message, such as a support phone number."),
        "building-storefront",
    ),
    Kind(
        ContactList,
        _("Contact lists and their variables"),
        _("What messages to a list say of the sender: company, address, links."),
        "queue-list",
    ),
    Kind(
        CustomEventType,
        _("Custom event types"),
        _("What contacts do on your own platform, which tells of it through the API."),
        "bolt",
    ),
]


def register(kind: Kind) -> None:
    """Adds a kind of another app behind those that are there."""
    KINDS.append(kind)


@require_safe
@permission_required("contacts.view_source", raise_exception=True)
def components(request: StaffRequest) -> HttpResponse:
    """What there is to register, how many there are of each, and the way to where they are changed."""
    kinds = [
        {
            "kind": kind,
            "count": kind.model._default_manager.count(),
            "list_url": _url(request, kind, "view", kind.list_page, "changelist"),
            "add_url": _url(request, kind, "add", kind.add_page, "add"),
        }
        for kind in KINDS
    ]
    return render(request, "contacts/components.html", {"kinds": kinds})


def _url(request: StaffRequest, kind: Kind, action: str, own_page: str, page: str) -> str:
    """The address of its own page, or that of the administration; "" for who may not go there."""
    meta = kind.model._meta
    may = request.user.has_perm(f"{meta.app_label}.{action}_{meta.model_name}")
    if not (may and (own_page or request.user.is_staff)):
        return ""
    return reverse(own_page) if own_page else reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}")
