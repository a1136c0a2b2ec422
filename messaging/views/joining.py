from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activity.labels import CHANNELS
from contacts.models import Contact
from messaging.joining import contact_behind, ways_in
from messaging.people import left_since
from subscriptions.standing import standing_of
from subscriptions.views.leaving import language_of


@login_not_required
@require_safe
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The ways into channels that begin with the person. Looking at it changes nothing: people join in the chat."""
    found = contact_behind(token)
    if found is None:
        raise Http404(_("This link is not whole or too old. Ask for a new one."))
    contact_id, at = found
    contact = Contact.objects.select_related("contact_list").filter(pk=contact_id).first()
    with override(language_of(contact)):
        known = ways_in(contact_id, at) if contact else {}
        ways = {channel: url for channel, url in known.items() if not left_since(contact_id, channel, at)}
        channels = standing_of(contact).channels if contact else {}
        context = {
            "company": contact.contact_list.company_name if contact else "",
            "ways": [(CHANNELS[channel], url, channels[channel].is_subscribed) for channel, url in ways.items()],
        }
        return render(request, "messaging/join.html", context, status=200 if ways else 410)
