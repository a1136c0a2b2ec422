from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activity import feed
from activity.feed import Cursor
from activity.requests import StaffRequest
from activity.wording import facts
from contacts.views.profile import contact_or_404


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """What became of a message, from the events that carry its number, and what launched it.

    Events are found by their contact alone: the address names it (`of`), and one of the events (`at`).
    """
    of = request.GET.get("of", "")
    contact = contact_or_404(int(of) if of.isdecimal() and len(of) < 19 else 0)
    try:
        event = feed.find(contact.pk, Cursor.read(request.GET.get("at", "")))
    except ValueError:
        event = None
    if event is None or event.message_id != pk:
        raise Http404(_("This contact has no such message. It may be older than events are kept."))
    timeline = [(each, Cursor.of(each)) for each in feed.conversation(event)]
    context = {"contact": contact, "event": event, "facts": facts(event), "timeline": timeline, "number": pk}
    return render(request, "contacts/message.html", context)
