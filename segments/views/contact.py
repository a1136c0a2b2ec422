from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activity.requests import StaffRequest
from contacts.profile import profile_context
from contacts.views.profile import contact_or_404
from segments.definitions import Definitions
from segments.evaluation import today
from segments.membership import memberships_of, others_than_of
from segments.standing import standing_in, standings_of


@require_safe
@permission_required(("contacts.view_contact", "segments.view_segment"), raise_exception=True)
def segments(request: StaffRequest, pk: int) -> HttpResponse:
    """The Segments tab: where the contact is, since when and why; and why not in one of the others."""
    contact = contact_or_404(pk)
    definitions = Definitions(today())
    memberships = list(memberships_of(contact))
    others = list(others_than_of(contact))
    asked = request.GET.get("why", "")
    other = next((each for each in others if str(each.pk) == asked), None)
    context = {
        **profile_context(contact, tab="segments", count=len(memberships)),
        "memberships": standings_of(contact, memberships, definitions),
        "others": others,
        "other": other,
        "why_not": standing_in(contact, other, definitions) if other else None,
    }
    return render(request, "segments/segments_tab.html", context)
