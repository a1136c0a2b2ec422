from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from activity.catalogue import MESSAGE_CHANNELS
from activity.labels import CHANNELS
from contacts.models import Contact
from subscriptions import links
from subscriptions.links import Link
from subscriptions.standing import ChannelStanding, standing_of


@csrf_exempt  # mail programs send no cookie, and the link is the right to do it
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody gets, and the way to leave or come back. Only a POST changes anything: links are looked at by
    programs too."""
    link = Link.read(token)
    if link is None:
        raise Http404(_("This link is not whole. Copy it from the message again, to its very end."))
    contact = Contact.objects.select_related("contact_list").filter(pk=link.contact_id).first()
    with override(language_of(contact)):
        if request.method == "POST" and contact:
            return _act(request, link, contact)
        return _page(request, link, contact)


def _act(request: HttpRequest, link: Link, contact: Contact) -> HttpResponse:
    ip = request.META.get("REMOTE_ADDR") or None
    if request.POST.get("List-Unsubscribe") == "One-Click":
        links.one_click(contact, link.channel, ip=ip)
        return HttpResponse(_("Unsubscribed."), content_type="text/plain; charset=utf-8")
    wish = request.POST.get("wish")
    if wish == "leave":
        links.leave(contact, (link.channel,), ip=ip)
    elif wish == "leave-all":
        links.leave(contact, MESSAGE_CHANNELS, ip=ip)
    elif wish == "back" and _may_come_back(standing_of(contact).channels[link.channel]):
        links.come_back(contact, link.channel, ip=ip)
    return HttpResponseRedirect(request.path)


def _page(request: HttpRequest, link: Link, contact: Contact | None) -> HttpResponse:
    context: dict[str, object] = {"channel": CHANNELS[link.channel]}
    if contact:
        standing = standing_of(contact)
        here = standing.channels[link.channel]
        gets = [channel for channel in MESSAGE_CHANNELS if standing.channels[channel].is_subscribed]
        context |= {
            "company": contact.contact_list.company_name,
            "gets": [CHANNELS[channel] for channel in gets],
            "gets_this": link.channel in gets,
            "may_come_back": _may_come_back(here),
            "is_listed": here.listed is not None,
            "back_words": links.back_words(link.channel),
        }
    return render(request, "subscriptions/leave.html", context, status=200 if contact else 410)


def _may_come_back(here: ChannelStanding) -> bool:
    """Whoever was there before, and whose address is not listed: that ends only when somebody takes it off."""
    return here.begun and not here.is_subscribed and here.listed is None


def language_of(contact: Contact | None) -> str:
    """The contact's, where there are words in it, else the site's own."""
    try:
        return get_supported_language_variant(contact.language if contact else "")
    except LookupError:
        return settings.LANGUAGE_CODE
