from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel
from activity.labels import CHANNELS
from activity.requests import StaffRequest
from contacts.models import Contact
from contacts.profile import around
from contacts.views.profile import contact_or_404
from subscriptions.forms import ChannelForm
from subscriptions.records import Refused
from subscriptions.standing import ChannelStanding, Standing, standing_of

_SLUGS = {channel.slug: channel for channel in MESSAGE_CHANNELS}


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def panel(request: StaffRequest, pk: int) -> HttpResponse:
    """The Subscriptions panel alone, in place of a form that is not sent."""
    contact = contact_or_404(pk)
    if not request.htmx:
        return redirect(contact)
    came_from = _SLUGS.get(request.GET.get("from", ""))
    return render(
        request, "subscriptions/panel.html", {"contact": contact, "it": present_standing(contact), "focus": came_from}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("subscriptions.change_subscription", raise_exception=True)
def channel(request: StaffRequest, pk: int, slug: str) -> HttpResponse:
    """Asks before a channel is subscribed or unsubscribed, and does it: within the panel, or on a page of its own."""
    contact = contact_or_404(pk)
    if slug not in _SLUGS:
        raise Http404(_("There is no channel of this name."))
    standing = present_standing(contact)
    at = standing.channels[_SLUGS[slug]]
    form = ChannelForm(request.POST if request.method == "POST" else None, contact=contact, standing=at)
    if form.is_valid():
        try:
            changed = form.save(actor=Actor.of(request))
        except Refused as refusal:
            standing = present_standing(contact)
            form = form.renewed(refusal, standing.channels[at.channel])
        else:
            return _done(request, contact, at.channel, changed=changed, to=form.cleaned_data["to"])
    return _ask(request, contact, standing, form)


def present_standing(contact: Contact) -> Standing:
    """As it is now. Raises `Http404` with the reason for one who has gone."""
    try:
        return standing_of(contact)
    except Contact.DoesNotExist:
        raise Http404(_("This contact has been deleted meanwhile.")) from None


def _ask(request: StaffRequest, contact: Contact, standing: Standing, form: ChannelForm) -> HttpResponse:
    line: ChannelStanding = form.standing
    context: dict[str, Any] = {"contact": contact, "it": standing, "form": form, "line": line}
    return render(request, "subscriptions/panel.html" if request.htmx else "subscriptions/change.html", context)


def _done(request: StaffRequest, contact: Contact, channel: Channel, *, changed: bool, to: str) -> HttpResponse:
    words = {
        ("subscribed", True): _("%(channel)s is subscribed."),
        ("subscribed", False): _("%(channel)s was subscribed already."),
        ("unsubscribed", True): _("%(channel)s is unsubscribed."),
        ("unsubscribed", False): _("%(channel)s was unsubscribed already."),
    }[to, changed] % {"channel": CHANNELS[channel]}
    (messages.success if changed else messages.info)(request, words)
    if not request.htmx:
        return redirect(contact)
    shown = around(contact)
    here = next(part.it for part in shown["parts"] if isinstance(part.it, Standing))
    context = {"contact": contact, **shown, "it": here, "focus": channel, "oob": True}
    return render(request, "subscriptions/changed.html", context)
