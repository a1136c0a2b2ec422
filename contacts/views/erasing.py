from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activity.audit import Actor
from activity.requests import StaffRequest
from contacts.erasure.erase import about, erase
from contacts.models import Contact
from contacts.views.profile import contact_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.delete_contact", raise_exception=True)
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Says what goes with a contact and what stays, and erases it once that is confirmed."""
    try:
        contact = contact_or_404(pk)
    except Http404:
        if request.method != "POST" or Contact.objects.filter(pk=pk).exists():
            raise
        return _gone(request)
    if request.method == "POST":
        erase([pk], actor=Actor.of(request))
        return _gone(request)
    return render(request, "contacts/delete.html", {"contact": contact, "about": about(contact)})


def _gone(request: StaffRequest) -> HttpResponse:
    """Also for whoever clicked twice."""
    messages.success(request, _("The contact has been deleted for good, with all that was known of it."))
    return redirect("contacts:list")
