from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activity import keyset
from activity.audit import Actor
from activity.requests import StaffRequest
from messaging.checking import askable
from messaging.models import Message
from messaging.providers.sandbox.playing import play, play_again
from messaging.tellings import Telling
from messaging.views.finding import message_or_404
from messaging.views.info import BAD, MAY_READ

SIZE = 50


@require_safe
@MAY_READ
def outbox(request: StaffRequest) -> HttpResponse:
    """What would have been sent, the last first; with `doubtful` what may have been sent by providers, or not."""
    doubtful = "doubtful" in request.GET
    before = request.GET.get("before", "")
    at = Message(pk=int(before)) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    rows = Message.objects.doubtful() if doubtful else Message.objects.of_sandbox()
    found = keyset.take(rows.with_all(), order=("id",), size=SIZE, descending=True, at=at)
    context = {
        "rows": [(each, each.state in BAD) for each in found.rows],
        "older": found.rows[-1].pk if found.has_next else None,
        "is_later_page": at is not None,
        "doubtful": doubtful,
        "askable": askable() if doubtful else (),
        "has_doubtful": doubtful or Message.objects.doubtful().exists(),
    }
    return render(request, "messaging/outbox.html", context)


@require_POST
@permission_required("messaging.add_message", raise_exception=True)
def playing(request: StaffRequest, pk: int) -> HttpResponse:
    """Has the sandbox call back."""
    found, telling = message_or_404(pk), request.POST.get("telling", "")
    actor = Actor.of(request)
    try:
        if telling == "again":
            new = play_again(message=found, actor=actor)
        else:
            new = play(message=found, telling=Telling(telling), actor=actor, late="late" in request.POST)
    except ValueError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request, _("The sandbox has called back.") if new else _("It was told before: nothing changes.")
        )
    return redirect(found)
