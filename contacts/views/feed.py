import datetime
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activity import feed
from activity.charts import Chart
from activity.feed import Cursor, Filters, Period
from activity.feed_actions import links
from activity.feed_forms import fields, is_adjusted
from activity.feed_rows import counts, days
from activity.models import Event
from activity.requests import StaffRequest
from activity.summaries import MOST, summary
from activity.wording import facts, headline
from contacts.models import Contact
from contacts.profile import profile_context
from contacts.views.profile import contact_or_404

_ANY = "place"  # of an event, in an address
_may_read = permission_required("contacts.view_contact", raise_exception=True)


@require_safe
@_may_read
def profile(request: StaffRequest, pk: int) -> HttpResponse:
    """The profile with its Activity tab; for htmx the feed alone, or the events behind those that are shown."""
    contact, now = contact_or_404(pk), timezone.now()
    filters, after = Filters.read(request.GET.dict()), _place(request.GET.get("after"))
    context = {"contact": contact, **_events(request, contact, filters, now=now, after=after)}
    if request.htmx.target == "feed-more":
        return render(request, "contacts/activity_tab.html#events", context)
    context |= _around(contact, filters, now=now) | {"is_adjusted": is_adjusted(request.GET.dict(), filters)}
    if request.htmx.target == "feed":
        return render(request, "contacts/activity_tab.html#feed", context)
    return render(request, "contacts/activity_tab.html", profile_context(contact, tab="activity") | context)


@require_safe
@_may_read
def news(request: StaffRequest, pk: int) -> HttpResponse:
    """How many events have come since the feed was shown; asked for again and again while somebody looks at it."""
    contact_or_404(pk)
    filters, top = Filters.read(request.GET.dict()), _place(request.GET.get("top"))
    count = feed.newer(pk, filters, than=top, now=timezone.now())
    context = {"count": count, "most": feed.MOST_NEW, **_addresses(pk, filters, top)}
    return render(request, "contacts/activity_tab.html#news", context)


@require_safe
@_may_read
def event(request: StaffRequest, pk: int, place: str) -> HttpResponse:
    """Info: all that is known of an event, and what else became of its message. For htmx without the page."""
    contact, at = contact_or_404(pk), _place(place)
    found = feed.find(pk, at) if at else None
    if found is None:
        raise Http404(_("This contact has no such event. It may be older than events are kept."))
    happened, what = headline(found)
    context = {
        "contact": contact,
        "event": found,
        "happened": happened,
        "what": what,
        "facts": facts(found),
        "actions": list(links(found, request.user.has_perm)),
        "conversation": feed.conversation(found),
        "message_url": _message_url(found) if found.message_id else "",
    }
    return render(request, "contacts/event.html#info" if request.htmx else "contacts/event.html", context)


@require_safe
@_may_read
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """What became of a message, from the events that carry its number, and what launched it.

    Events are found by their contact alone: the address names it (`of`), and one of the events (`at`).
    """
    of = request.GET.get("of", "")
    contact = contact_or_404(int(of) if of.isdecimal() and len(of) < 19 else 0)
    at = _place(request.GET.get("at"))
    found = feed.find(contact.pk, at) if at else None
    if found is None or found.message_id != pk:
        raise Http404(_("This contact has no such message. It may be older than events are kept."))
    timeline = [(each, Cursor.of(each)) for each in feed.conversation(found)]
    context = {"contact": contact, "event": found, "facts": facts(found), "timeline": timeline, "number": pk}
    return render(request, "contacts/message.html", context)


def _message_url(found: Event) -> str:
    return f"{reverse('message', args=[found.message_id])}?of={found.contact_id}&at={Cursor.of(found)}"


def _place(text: str | None) -> Cursor | None:
    """A place in a feed as an address names it; None for what names none."""
    try:
        return Cursor.read(text or "")
    except ValueError:
        return None


def _events(
    request: StaffRequest, contact: Contact, filters: Filters, *, now: datetime.datetime, after: Cursor | None
) -> dict[str, Any]:
    """The events of one page and the way to the next."""
    found = feed.page(contact.pk, filters, now=now, after=after)
    query = filters.query()

    address = reverse("contacts:event", args=[contact.pk, _ANY])  # once: it would be half of what a row takes

    def info_url(place: Cursor) -> str:
        return address.replace(_ANY, str(place))

    return {
        "days": days(
            found.rows, info_url=info_url, may=request.user.has_perm, after=after.occurred_at if after else None
        ),
        "has_events": bool(found.rows),
        "more": urlencode(query | {"after": str(Cursor.of(found.rows[-1]))}) if found.has_next else "",
        "is_later_page": after is not None,
        "filters": filters,
        **_addresses(contact.pk, filters, Cursor.of(found.rows[0]) if found.rows else None),
    }


def _addresses(pk: int, filters: Filters, top: Cursor | None) -> dict[str, str]:
    page, query = reverse("contacts:profile", args=[pk]), filters.query()
    asked = urlencode(query | ({"top": str(top)} if top else {}))
    return {
        "feed_url": f"{page}?{urlencode(query)}" if query else page,
        "news_url": f"{reverse('contacts:news', args=[pk])}?{asked}",
    }


def _around(contact: Contact, filters: Filters, *, now: datetime.datetime) -> dict[str, Any]:
    """What stands above the events: filters, counts and the chart."""
    found = summary(contact.pk, filters, now=now)
    return {
        "fields": fields(filters, get_language()),
        "summary": found,
        "most_counted": MOST,
        "counts": counts(filters, found.words),
        "chart": Chart.of(found.bars, monthly=filters.period is Period.ALL),
        "widest": urlencode({"period": Period.ALL.value}),
        "is_widest": filters.query().keys() <= {"period", "order"} and filters.period is Period.ALL,
    }
