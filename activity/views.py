from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activity.models import Transfer
from activity.requests import StaffRequest

SHOWN = 100


@require_safe
@permission_required("activity.view_transfer", raise_exception=True)
def transfers(request: StaffRequest) -> HttpResponse:
    """One's own imports and exports, newest first; everybody's for admins."""
    rows = Transfer.objects.visible_to(request.user).select_related("owner").order_by("-created_at")[:SHOWN]
    template = "activity/transfers.html#rows" if request.htmx else "activity/transfers.html"
    return render(request, template, {"transfers": rows, "busy": any(row.is_busy for row in rows)})
