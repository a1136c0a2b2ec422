from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activity.requests import StaffRequest
from contacts.profile import profile_context
from contacts.views.profile import contact_or_404
from scoring.standing import standing


@require_safe
@permission_required(("contacts.view_contact", "scoring.view_rule"), raise_exception=True)
def score(request: StaffRequest, pk: int) -> HttpResponse:
    """How a contact's score comes about."""
    contact = contact_or_404(pk)
    context = {**profile_context(contact, tab="score"), "standing": standing(contact)}
    return render(request, "scoring/score_tab.html", context)
