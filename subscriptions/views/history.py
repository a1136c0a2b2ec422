from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activity.requests import StaffRequest
from contacts.profile import profile_context
from contacts.views.profile import contact_or_404
from subscriptions.models import ConsentRecord

PAGE_SIZE = 50
_LONGEST = 18


@require_safe
@permission_required(("contacts.view_contact", "subscriptions.view_consentrecord"), raise_exception=True)
def history(request: StaffRequest, pk: int) -> HttpResponse:
    """Every change of what may be sent to a contact, the newest first."""
    contact, before = contact_or_404(pk), request.GET.get("before", "")
    records = ConsentRecord.objects.filter(contact=contact).order_by("-id")
    if is_later := before.isdecimal() and before.isascii() and len(before) <= _LONGEST:
        records = records.filter(pk__lt=int(before))
    rows = list(records[: PAGE_SIZE + 1])
    context = profile_context(contact, tab="") | {
        "records": rows[:PAGE_SIZE],
        "older": rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
        "is_later_page": is_later,
    }
    return render(request, "subscriptions/history.html", context)
