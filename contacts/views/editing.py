from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activity.audit import Actor
from activity.requests import StaffRequest
from contacts import foresights
from contacts.editables import VARIABLE, Editable, editable, standard
from contacts.editing import holder_of
from contacts.foresights import foreseen
from contacts.forms import AddForm, EditForm
from contacts.identity import Invalid
from contacts.inputs import TIMEZONES
from contacts.models import Contact, ContactList
from contacts.profile import around
from contacts.values import IDENTIFIERS, VALUES
from contacts.variables import namesakes
from contacts.views.profile import contact_or_404

# Marks the links of the Variables tab to the forms of values that the profile shows as well.
FROM_TAB = "variables"
GONE = gettext_lazy(
    "Contacts have no value of this name that can be edited. It may have been archived or removed meanwhile."
)


def editable_or_404(name: str) -> Editable:
    """What can be edited under this name. Raises `Http404` with the reason where nothing can."""
    value = editable(name)
    if value is None:
        raise Http404(str(GONE))
    return value


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.change_contact", raise_exception=True)
def edit(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """Asks for one value and saves it: within the profile, or without scripts on a page of its own."""
    contact, value = contact_or_404(pk), editable_or_404(name)
    # Where the value is shown.
    in_tab = name not in VALUES or request.GET.get("from") == FROM_TAB
    back_url = reverse("contacts:variables", args=[pk]) if in_tab else contact.get_absolute_url()
    form = EditForm(
        request.POST if request.method == "POST" else None, contact=contact, value=value, place=_place(request, value)
    )
    only_asks = "foresee" in request.POST  # nothing is kept
    told = foreseen(contact, lambda: _saved(form, request)) if only_asks and form.is_valid() else []
    if not only_asks and form.is_valid() and _saved(form, request):
        if request.htmx:
            return render(request, "contacts/edited.html", _shown(request, contact_or_404(pk), value))
        messages.success(request, _("%(what)s has been saved.") % {"what": value.label})
        return redirect(back_url)
    template = "contacts/edit.html#form" if request.htmx else "contacts/edit.html"
    context = {"contact": contact, "value": value, "form": form, "back_url": back_url, "timezones": TIMEZONES}
    context |= {"foreseen": told if form.is_valid() and not form.theirs else [], "may_ask": foresights.are_there()}
    return render(request, template, context)


def _saved(form: EditForm, request: StaffRequest) -> bool:
    try:
        return form.save(actor=Actor.of(request))
    except Contact.DoesNotExist:
        raise Http404(_("This contact has been deleted meanwhile.")) from None


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def value(request: StaffRequest, pk: int, name: str) -> HttpResponse:
    """One value as the profile shows it, in place of a form that is not sent."""
    contact = contact_or_404(pk)
    if not request.htmx:
        return redirect(contact)
    return render(request, "contacts/value.html", _shown(request, contact, editable_or_404(name)))


def _place(request: StaffRequest, value: Editable) -> str:
    """Which of the value's two places on a page the form is in."""
    return "tab" if request.htmx.target == f"variable-{value.name}" else "edit"


def _shown(request: StaffRequest, contact: Contact, value: Editable) -> dict[str, Any]:
    """What it takes to show a value where it was edited, and in the other place where the page may have it."""
    places = {f"value-{value.name}": value.template} if value.name in VALUES else {}
    page = (request.htmx.current_url or "").partition("?")[0]
    same = namesakes(contact, value.name)
    if not same:
        raise Http404(str(GONE))
    own, others = same[0], same[1:]
    if in_tab := page.endswith(reverse("contacts:variables", args=[contact.pk])):
        places[f"variable-{value.name}"] = VARIABLE
    return {
        "contact": contact,
        "value": value,
        "text": own.shown,
        # Whose value a message takes may have become another.
        "rivals": [own, *others] if in_tab and others else [],
        **around(contact),
        "template": places.pop(request.htmx.target or "", value.template),
        "elsewhere": places.items(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_contact", raise_exception=True)
def add(request: StaffRequest) -> HttpResponse:
    """Adds a contact by hand."""
    form = AddForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (contact := form.save(actor=Actor.of(request))):
        messages.success(request, _("%(name)s has been added.") % {"name": contact.full_name})
        return redirect(contact)
    return render(request, "contacts/add.html", {"form": form, "timezones": TIMEZONES})


@require_POST
@permission_required("contacts.add_contact", raise_exception=True)
def check(request: StaffRequest) -> HttpResponse:
    """Whose an identifier is already, as it is being typed. By POST: addresses hold no personal value."""
    name = next((name for name in IDENTIFIERS if name in request.POST), "")
    contact = Contact(contact_list=ContactList.default())
    owner = None
    if name:
        try:
            standard(name).set(contact, request.POST[name])
            owner = holder_of(contact, name)
        except Invalid:
            owner = None  # said when the form is sent: it may be half typed
    return render(request, "contacts/owner.html", {"owner": owner})
