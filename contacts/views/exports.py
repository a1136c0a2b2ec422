"""What people have written into files: a contact's feed."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from activity.audit import Actor
from activity.exports.feed import start_feed_export
from activity.exports.steps import CSV, FORMATS
from activity.feed import Filters, Period
from activity.requests import StaffRequest
from contacts.views.profile import contact_or_404


@require_POST
@permission_required("activity.export", raise_exception=True)
@permission_required("contacts.view_contact", raise_exception=True)
def feed(request: StaffRequest, pk: int) -> HttpResponse:
    """Has a contact's feed written into a file, under the filters in force or all of it; leads to the log."""
    contact, filters = contact_or_404(pk), Filters.read(request.POST.dict())
    if request.POST.get("scope") == "all":
        filters = Filters(period=Period.ALL, oldest_first=filters.oldest_first)
    chosen = request.POST.get("format", CSV)
    format_ = chosen if chosen in FORMATS else CSV
    start_feed_export(contact.pk, filters=filters, format_=format_, actor=Actor.of(request))
    return redirect("activity:transfers")
