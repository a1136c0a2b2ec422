from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activity.audit import Actor
from activity.requests import StaffRequest
from messaging.deciding import NotNow, cancel, settle
from messaging.views.finding import message_or_404


@require_POST
@permission_required("messaging.add_message", raise_exception=True)
def settlement(request: StaffRequest, pk: int) -> HttpResponse:
    """Whether a doubtful message was sent, as somebody has found out."""
    found = message_or_404(pk)
    try:
        settle(message=found, sent=request.POST.get("sent") == "yes", actor=Actor.of(request))
    except NotNow as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The message is marked."))
    return redirect(found)


@require_POST
@permission_required("messaging.add_message", raise_exception=True)
def cancellation(request: StaffRequest, pk: int) -> HttpResponse:
    """Keeps a message that waits from being sent."""
    found = message_or_404(pk)
    try:
        cancel(message=found, actor=Actor.of(request))
    except NotNow as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The message is cancelled."))
    return redirect(found)
