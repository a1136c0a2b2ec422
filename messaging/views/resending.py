from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activity.audit import Actor
from activity.form_keys import FormKey
from activity.requests import StaffRequest
from messaging.framing import framing
from messaging.refusals import CLOSED
from messaging.resending import CannotBeResent, compare, refuse, resend
from messaging.states import State
from messaging.views.finding import message_or_404
from subscriptions.policy import verdicts


class ResendForm(forms.Form):
    key = FormKey()


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("messaging.resend_message", raise_exception=True)
@framing
def resending(request: StaffRequest, pk: int) -> HttpResponse:
    """Shows what was sent beside what today's data would make of it, and sends the former once that is confirmed."""
    found = message_or_404(pk)
    form = ResendForm(request.POST or None)
    try:
        refuse(found)
        if request.method == "POST" and form.is_valid():
            return _resent(
                request, resend(message=found, actor=Actor.of(request), key=str(form.cleaned_data["key"])).pk
            )
    except CannotBeResent as refusal:
        messages.warning(request, str(refusal))
        return redirect("message", pk)
    closed = verdicts(found.contact_id)[found.kind[0]].reasons
    context = {
        "message": found,
        "contact": found.contact,
        "comparison": compare(found),
        "closed": [CLOSED[reason] for reason in closed],
        "form": form,
    }
    return render(request, "messaging/resend.html", context)


def _resent(request: StaffRequest, pk: int) -> HttpResponse:
    new = message_or_404(pk)
    if new.state == State.SKIPPED:
        messages.warning(request, _("Not sent: %(reason)s") % {"reason": new.words})
    else:
        messages.success(request, _("The message is on its way again."))
    return redirect(new)
