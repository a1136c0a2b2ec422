from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activity.audit import Actor
from activity.requests import StaffRequest
from contacts.views.profile import contact_or_404
from subscriptions.action_forms import form_of
from subscriptions.actions import ACTIONS
from subscriptions.records import Refused
from subscriptions.views.channels import present_standing


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: StaffRequest, pk: int, action: str) -> HttpResponse:
    """Says what an action will mean for this contact, and does it once that is confirmed."""
    if action not in ACTIONS:
        raise Http404(_("There is no action of this name."))
    chosen = ACTIONS[action]
    if not request.user.has_perms(("contacts.view_contact", chosen.permission)):
        raise PermissionDenied
    contact = contact_or_404(pk)
    standing = present_standing(contact)
    if not chosen.is_offered(standing):
        messages.info(request, str(chosen.done_already) if chosen.is_done(standing) else _("There is no such address."))
        return redirect(contact)
    form = form_of(chosen)(request.POST if request.method == "POST" else None, action=chosen, standing=standing)
    if form.is_valid():
        try:
            changed = form.save(actor=Actor.of(request))
        except Refused as refusal:
            standing = present_standing(contact)
            form = form.renewed(refusal, standing)
        else:
            tell, words = (messages.success, chosen.done) if changed else (messages.info, chosen.done_already)
            tell(request, str(words))
            return redirect(contact)
    context = {
        "contact": contact,
        "action": chosen,
        "address": chosen.address(standing),
        "consequences": chosen.consequences(standing),
        "form": form,
    }
    return render(request, "subscriptions/action.html", context)
