from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activity.requests import StaffRequest
from messaging.content.render import Rendered
from messaging.framing import framed
from messaging.resending import compare
from messaging.views.finding import message_or_404
from messaging.views.info import MAY_READ


@require_safe
@MAY_READ
@framed
def content(request: StaffRequest, pk: int) -> HttpResponse:
    """What was sent, for a sandboxed frame; with `today` what would be sent now."""
    found = message_or_404(pk)
    if found.rendered is None or ("today" in request.GET and found.written is None):
        raise Http404
    rendered = compare(found).today if "today" in request.GET else Rendered.from_json(found.rendered.body)
    if rendered is None:
        raise Http404
    if rendered.html.lstrip().lower().startswith(("<!doctype", "<html")):
        return HttpResponse(rendered.html)
    return render(request, "messaging/content.html", {"rendered": rendered, "message": found})
