from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from activity.log import LogFilters, page, rows_of
from activity.log_forms import LogForm
from activity.requests import StaffRequest


@require_safe
@permission_required("activity.view_transfer", raise_exception=True)
def log(request: StaffRequest) -> HttpResponse:
    """What was done, the last first: by everybody for admins, by oneself for others."""
    filters, after = LogFilters.read(request.GET.dict()), request.GET.get("after", "")
    mark = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None
    found = page(request.user, filters, now=timezone.now(), after=mark)
    query = filters.query()
    context = {
        "rows": rows_of(found.rows, request.user),
        "form": LogForm(filters, viewer=request.user),
        "first": urlencode(query) if found.has_previous else None,
        "older": urlencode(query | {"after": found.rows[-1].pk}) if found.has_next else None,
        "is_filtered": bool(query),
        "tab": "log",
    }
    htmx = request.htmx
    wants_rows = htmx and htmx.target == "rows" and not htmx.history_restore_request
    return render(request, "activity/log.html#rows" if wants_rows else "activity/log.html", context)
