import hmac
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts.models import Contact
from messaging.models import PushSubscription
from messaging.providers.webpush import browsers
from messaging.providers.webpush.agents import channel_of, name_of
from messaging.providers.webpush.browsers import Browser, Stale
from messaging.providers.webpush.reading import reading
from messaging.providers.webpush.requests import from_pages, said
from messaging.providers.webpush.tokens import Joining
from messaging.providers.webpush.vapid import public_key
from subscriptions.facts import State
from subscriptions.models import Subscription

_SCRIPTS = settings.BASE_DIR / "static" / "push"
_MOST_WORDS = 500


def _script(name: str, **headers: str) -> HttpResponse:
    """At an address that never changes; pages of other sites may load it."""
    return HttpResponse(
        (_SCRIPTS / name).read_bytes(),
        content_type="text/javascript; charset=utf-8",
        headers={
            "Cache-Control": "public, max-age=300",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
            **headers,
        },
    )


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: of our own page, and imported by that of another site."""
    return _script("worker.js", **{"Service-Worker-Allowed": "/push/"})


@login_not_required
@require_safe
def snippet(request: HttpRequest) -> HttpResponse:
    """The script by which pages let people join."""
    return _script("join.js")


@from_pages("GET")
def key(request: HttpRequest, _given: dict[str, Any]) -> HttpResponse:
    """What browsers join with."""
    return JsonResponse({"key": public_key()}) if settings.WEBPUSH_PRIVATE_KEY else said(404, "closed")


@from_pages("POST")
def join(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    """Lets the browser that asks join a contact's pushes, by a signed token."""
    joining = Joining.read(str(given.get("token", "")))
    if joining is None:
        return said(403, "stale")
    try:
        endpoint, p256dh, auth = reading(given)
    except ValueError:
        return said(400, "unreadable")
    browser = Browser(endpoint, p256dh, auth, channel_of(request.headers), name_of(request.headers))
    # PostgreSQL keeps neither NUL nor halves of signs, both of which JSON may have.
    text = str(given.get("wording", "")).encode(errors="ignore").decode().replace("\0", "")
    words = text.strip()[:_MOST_WORDS]
    wording = f"{words or _('Notifications allowed')} ({request.headers.get('Origin', '')[:200]})"
    try:
        browsers.join(browser, joining, wording=wording, ip=request.META.get("REMOTE_ADDR") or None)
    except Stale:
        return said(403, "stale")
    return said(200, "joined")


@from_pages("POST", limited=False)
def leave(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    """Ends the pushes in the browser that asks, which proves itself by its secret. Nobody leaves too often."""
    row = _row(given)
    if row:
        browsers.leave(row, ip=request.META.get("REMOTE_ADDR") or None)
    return said(200, "left")


@from_pages("POST")
def look(request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
    """Whether the browser that asks gets pushes at present."""
    row = _row(given)
    live = row is not None and row.expired_at is None
    subscribed = live and Subscription.objects.filter(
        contact=row.contact_id if row else 0, channel=row.channel if row else 0, state=State.SUBSCRIBED
    )
    return said(200, "joined" if subscribed else "left")


def _row(given: dict[str, Any]) -> PushSubscription | None:
    try:
        endpoint, _p256dh, auth = reading(given)
    except ValueError:
        return None
    row = PushSubscription.objects.filter(endpoint=endpoint).select_related("contact").first()
    return row if row and hmac.compare_digest(bytes(row.auth), auth) else None


@login_not_required
@never_cache
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Our own page to join on, in the contact's language."""
    joining = Joining.read(token)
    contact = Contact.objects.select_related("contact_list").filter(pk=joining.contact_id).first() if joining else None
    if contact is None or not settings.WEBPUSH_PRIVATE_KEY:
        raise Http404(_("This link is not whole or too old. Ask for a new one."))
    with override(_language(contact)):
        return render(request, "messaging/push.html", {"token": token, "company": contact.contact_list.company_name})


def _language(contact: Contact) -> str:
    try:
        return get_supported_language_variant(contact.language)
    except LookupError:
        return settings.LANGUAGE_CODE
