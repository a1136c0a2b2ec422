from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activity.audit import Actor
from activity.requests import StaffRequest
from messaging.checking import ask
from messaging.deciding import NotNow
from messaging.views.finding import message_or_404


@require_POST
@permission_required("messaging.add_message", raise_exception=True)
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Has the provider asked what it knows of an uncertain message."""
    found = message_or_404(pk)
    try:
        ask(message=found, actor=Actor.of(request))
    except NotNow as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The provider is being asked. What it says stands on this page in a moment."))
    return redirect(found)
