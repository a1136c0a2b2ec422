from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activity.audit import Actor
from activity.catalogue import Channel, Origin
from activity.requests import StaffRequest
from contacts.models import Contact
from contacts.variables import Group, Vocabulary
from contacts.views.profile import contact_or_404
from messaging import templating
from messaging.composing.channels import BY_SLUG, Way, ways_to
from messaging.composing.forms import ComposeForm, start_of
from messaging.composing.previews import document_of, text_of, title_of
from messaging.composing.reports import report_on
from messaging.composing.trial import LINKS_OF_A_TRIAL, send_trial, told
from messaging.content.push import PUSH_CHANNELS
from messaging.content.render import render as render_content
from messaging.content.values import values_of
from messaging.framing import framed, framing
from messaging.sending import KeyReused, send
from subscriptions.views.channels import present_standing

_may_send = permission_required(("contacts.view_contact", "messaging.add_message"), raise_exception=True)


@require_safe
@_may_send
def choose(request: StaffRequest, pk: int) -> HttpResponse:
    """The channels, each with what may be sent by it, and why not."""
    contact = contact_or_404(pk)
    context = {"contact": contact, "ways": ways_to(contact, present_standing(contact))}
    return render(request, "messaging/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_send
@framing
def compose(request: StaffRequest, pk: int, slug: str) -> HttpResponse:
    """Writes a message, shows it once more, and sends it. What is closed is told where the channels stand."""
    contact, way = _way(pk, slug)
    if not way.is_open:
        messages.warning(request, _("%(channel)s is closed for this contact by now.") % {"channel": way.name})
        if request.method != "POST":
            return redirect("composing:choose", pk)
    form = _form(request, contact, way.channel)
    # What is written stays, also where it cannot be sent any more.
    step = request.POST.get("step", "") if way.is_open else ""
    if step in ("confirm", "send") and form.is_valid():
        return _send(request, contact, way, form) if step == "send" else _page(request, contact, way, form, "confirm")
    if step == "test" and form.is_valid():
        _test(request, contact, way, form)
    return _page(request, contact, way, form, "compose")


@require_POST
@_may_send
def check(request: StaffRequest, pk: int, slug: str) -> HttpResponse:
    """What is to be said of the message as far as it is written."""
    contact, way = _way(pk, slug)
    form = _form(request, contact, way.channel)
    return render(request, "messaging/report.html", {"contact": contact, "report": report_on(form)})


@require_POST
@_may_send
@framed
def preview(request: StaffRequest, pk: int, slug: str) -> HttpResponse:
    """The message as the contact will see it, for a frame."""
    contact, way = _way(pk, slug)
    form = _form(request, contact, way.channel)
    if not form.is_valid():
        return render(request, "messaging/preview.html", {"errors": report_on(form).problems, "way": way})
    document = document_of(form) if request.POST.get("view") != "text" else None
    if document is not None:
        return HttpResponse(document)
    context: dict[str, Any] = {"way": way, "text": text_of(form), "rendered": form.rendered}
    if way.channel in PUSH_CHANNELS:
        context |= {"title": title_of(form)}
    return render(request, "messaging/preview.html", context)


def _way(pk: int, slug: str) -> tuple[Contact, Way]:
    if slug not in BY_SLUG:
        raise Http404(_("Messages are not written by hand for this channel."))
    contact = contact_or_404(pk)
    ways = {way.channel: way for way in ways_to(contact, present_standing(contact))}
    return contact, ways[BY_SLUG[slug]]


def _form(request: StaffRequest, contact: Contact, channel: Channel) -> ComposeForm:
    sent = request.POST if request.method == "POST" else None
    start = start_of(channel, (sent or request.GET).get("template"))
    return ComposeForm(sent, channel=channel, values=values_of(contact, channel), zone=contact.zone, start=start)


def _page(request: StaffRequest, contact: Contact, way: Way, form: ComposeForm, step: str) -> HttpResponse:
    """The form; or, to `confirm`, what it holds once more."""
    context: dict[str, Any] = {"contact": contact, "way": way, "form": form, "account_zone": settings.TIME_ZONE}
    if step == "confirm":
        context |= {"report": report_on(form)}
    else:
        context |= {
            "report": report_on(form) if form.is_bound else None,
            "starts": templating.startable(way.channel),
            "groups": _variables(contact),
        }
    return render(request, f"messaging/{step}.html", context)


def _variables(contact: Contact) -> Mapping[str, Any]:
    """What can be put into the text, by group; of several with one name the one that is taken."""
    found = [each for each in Vocabulary.load().variables_of(contact) if not (each.is_overridden or each.is_archived)]
    return {str(group.label): [each for each in found if each.group == group] for group in Group}


def _test(request: StaffRequest, contact: Contact, way: Way, form: ComposeForm) -> None:
    """Sends whoever writes a mail what the contact would get; their account has the address."""
    address = request.user.email
    if way.channel is not Channel.EMAIL or not address or form.content is None or form.rendered is None:
        return
    rendered = render_content(form.content, {**form.values, **LINKS_OF_A_TRIAL}, form.zone)
    answer = send_trial(rendered=rendered, contact=contact, address=address, actor=Actor.of(request))
    went, words = told(answer, address)
    (messages.success if went else messages.error)(request, words)


def _send(request: StaffRequest, contact: Contact, way: Way, form: ComposeForm) -> HttpResponse:
    if form.content is None:
        raise ValueError(form)
    try:
        message = send(
            actor=Actor.of(request),
            contact_id=contact.pk,
            channel=way.channel,
            content=form.content,
            origin=Origin.TRANSACTION,
            idempotency_key=f"composed-{form.cleaned_data['key']}",
        )
    except KeyReused:
        messages.warning(
            request, _("What was written here before has been sent. Continue to send this as another message.")
        )
        return _page(request, contact, way, form.renewed(), "compose")
    except Contact.DoesNotExist:
        raise Http404(_("This contact has been deleted meanwhile.")) from None
    return redirect(message)
