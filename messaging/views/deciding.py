from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activity.audit import Actor
from activity.requests import StaffRequest
from messaging.checking import ask
from messaging.deciding import NotNow, cancel, settle
from messaging.models import Message
from messaging.views.finding import message_or_404

_MAY_DECIDE = permission_required("messaging.add_message", raise_exception=True)


@require_POST
@_MAY_DECIDE
def settlement(request: StaffRequest, pk: int) -> HttpResponse:
    """Whether a doubtful message was sent, as somebody has found out."""
    sent = request.POST.get("sent") == "yes"
    return _decided(
        request, pk, lambda found, actor: settle(message=found, sent=sent, actor=actor), _("The message is marked.")
    )


@require_POST
@_MAY_DECIDE
def cancellation(request: StaffRequest, pk: int) -> HttpResponse:
    """Keeps a message that waits from being sent."""
    return _decided(
        request, pk, lambda found, actor: cancel(message=found, actor=actor), _("The message is cancelled.")
    )


@require_POST
@_MAY_DECIDE
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Has the provider asked what it knows of an uncertain message."""
    done = _("The provider is being asked. What it says stands on this page in a moment.")
    return _decided(request, pk, lambda found, actor: ask(message=found, actor=actor), done)


def _decided(request: StaffRequest, pk: int, decide: Callable[[Message, Actor], None], done: str) -> HttpResponse:
    """Back to the message, with what has come of it in words."""
    found = message_or_404(pk)
    try:
        decide(found, Actor.of(request))
    except NotNow as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(found)
