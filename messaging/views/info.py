from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activity.requests import StaffRequest
from activity.wording import FACTS
from contacts.views import feed
from messaging.checking import askable
from messaging.framing import framing
from messaging.models import Message
from messaging.providers.labels import label_of
from messaging.providers.sandbox.playing import playable
from messaging.states import OPEN, State
from messaging.timeline import is_silent, timeline
from messaging.views.finding import message_or_404
from segments.models import Segment

MAY_READ = permission_required(("contacts.view_contact", "messaging.view_message"), raise_exception=True)
BAD = frozenset({State.UNCERTAIN, State.SOFT, State.EXPIRED, State.FAILED, State.REJECTED, State.HARD, State.SKIPPED})


@require_safe
@MAY_READ
@framing
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """Info: what was sent, all that came of it, and what launched it; of messages from elsewhere what events tell."""
    if not Message.objects.filter(pk=pk).exists() and "of" in request.GET:
        return feed.message(request, pk)
    found = message_or_404(pk)
    context = {
        "message": found,
        "contact": found.contact,
        "launch": [(FACTS[name], value) for name, value in _launch(found).items()],
        "provider": label_of(found.provider),
        "timeline": timeline(found),
        "is_silent": is_silent(found),
        "is_bad": found.state in BAD,
        "is_under_way": found.state in OPEN,
        "resends": found.resends.order_by("pk"),
        "segments": Segment.objects.filter(pk__in=found.segment_ids).order_by("name"),
        "askable": (names := askable() if found.state == State.UNCERTAIN else set()),
        "can_be_asked": found.provider in names,
        "plays": playable(found.kind[0]) if found.provider == "sandbox" and found.sent_at else [],
    }
    return render(request, "messaging/message.html", context)


def _launch(found: Message) -> dict[str, str]:
    return {
        name: ", ".join(value) if isinstance(value, list) else str(value)
        for name, value in found.launch.items()
        if name in FACTS and name != "title"
    }
