from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activity.audit import Actor
from activity.requests import StaffRequest
from segments.conditions import Wrong
from segments.definitions import Definitions, users_of
from segments.evaluation import today
from segments.models import Segment
from segments.rows import rows_of
from segments.trends import trends
from segments.writing import Impossible, archive, restore

_may_see = permission_required(("contacts.view_contact", "segments.view_segment"), raise_exception=True)


@require_safe
@_may_see
def segments(request: StaffRequest) -> HttpResponse:
    """All segments in use, or all that are archived: size, trend, definition in words."""
    archived = "archived" in request.GET
    found = list(Segment.objects.filter(archived_at__isnull=False) if archived else Segment.objects.current())
    context = {
        "rows": rows_of(found, Definitions(today()), trends(found, today())),
        "archived": archived,
        "has_archived": Segment.objects.exclude(archived_at=None).exists(),
        "is_counting": any(each.is_being_counted for each in found),
    }
    return render(request, "segments/list.html", context)


@require_safe
@_may_see
def segment(request: StaffRequest, pk: int) -> HttpResponse:
    """One segment: what it asks for, how many it has, and who asks for it."""
    found = get_object_or_404(Segment, pk=pk)
    row = rows_of([found], Definitions(today()), trends([found], today()))[0]
    context = {"row": row, "users": users_of(found.pk), "is_counting": found.is_being_counted}
    return render(request, "segments/segment.html", context)


@require_POST
@permission_required("segments.change_segment", raise_exception=True)
def archiving(request: StaffRequest, pk: int) -> HttpResponse:
    """Puts a segment aside, or takes it into use again."""
    found = get_object_or_404(Segment, pk=pk)
    try:
        if request.POST.get("do") == "restore":
            restore(segment=found, actor=Actor.of(request))
            messages.success(request, _("The segment is in use again and is being counted."))
        else:
            archive(segment=found, actor=Actor.of(request))
            messages.success(request, _("The segment is archived. Its members leave it now."))
    except (Impossible, Wrong) as error:
        messages.error(
            request, _("It cannot be used as it is: change it first.") if isinstance(error, Wrong) else str(error)
        )
    return redirect(found)
