from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activity import transfers
from activity.audit import Actor
from activity.models import Transfer
from activity.progress import progress_texts
from activity.requests import StaffRequest
from activity.transfer_states import State
from contacts.bulk.actions import Action, action_of
from contacts.bulk.forms import ALL, ChoiceForm, ReasonForm
from contacts.bulk.steps import KIND, choose
from contacts.exporting import found_by
from contacts.forms import FilterForm
from contacts.models import Contact, ContactList
from contacts.views.search import remembered

_may_act = permission_required("contacts.change_contact", raise_exception=True)


@_may_act
@require_POST
def start(request: StaffRequest) -> HttpResponse:
    """Keeps who was chosen from the list, and asks whether to go on."""
    query = QueryDict(request.POST.get("query", ""))
    form = ChoiceForm(request.POST, user=request.user)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect(f"{reverse('contacts:list')}?{query.urlencode()}")
    if form.cleaned_data["scope"] == ALL:
        filters = FilterForm(query, contact_list=ContactList.default())
        contacts = found_by(filters, remembered(request, query.get("search", "")))
    else:
        contacts = Contact.objects.of_list(ContactList.default()).filter(pk__in=form.ids)
    return redirect(choose(contacts, form.chosen_action, actor=Actor.of(request)).url)


@_may_act
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """What is to be done to whom, to be confirmed; then the progress, and what came of it."""
    transfer, action = _found(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not request.user.has_perm(action.permission):
            raise Http404(_("You have no bulk action of this number."))
        parameters = transfer.parameters | {"reason": form.cleaned_data["reason"]}
        with suppress(transfers.NotNow):  # sent twice, it is done once
            if transfer.step == "confirm":
                transfers.queue(transfer, step="run", actor=Actor.of(request), parameters=parameters)
        return redirect(transfer.url)
    return render(request, "contacts/bulk.html", _context(transfer, action) | {"form": form})


@_may_act
@require_safe
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The progress alone; once there is nothing to wait for, a word to load the page anew."""
    transfer, action = _found(request, pk)
    if not transfer.is_busy:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "activity/transfer_progress.html", _context(transfer, action))


@_may_act
@require_POST
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Ends it; what was done stays done."""
    transfer, _action = _found(request, pk)
    with suppress(transfers.NotNow):
        transfers.cancel(transfer, actor=Actor.of(request))
    return redirect(transfer.url)


@_may_act
@require_POST
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Goes on with one that has stopped, from where it was."""
    transfer, _action = _found(request, pk)
    with suppress(transfers.NotNow):
        if transfer.state == State.FAILED:
            transfers.retry(transfer, actor=Actor.of(request))
    return redirect(transfer.url)


def _found(request: StaffRequest, pk: int) -> tuple[Transfer, Action]:
    transfer = Transfer.objects.visible_to(request.user).filter(pk=pk, kind=KIND).first()
    action = action_of(transfer.parameters["action"]) if transfer else None
    if transfer is None or action is None:
        raise Http404(_("You have no bulk action of this number."))
    return transfer, action


def _context(transfer: Transfer, action: Action) -> dict[str, Any]:
    counts = transfer.result or transfer.checkpoint.get("counts", {})
    urls = {name: reverse(f"contacts:bulk_{name}", args=[transfer.pk]) for name in ("progress", "cancel", "retry")}
    return {
        "transfer": transfer,
        "action": action,
        "counts": counts,
        "progress_url": urls["progress"],
        "cancel_url": urls["cancel"],
        "retry_url": urls["retry"] if transfer.can_be_retried else "",
        **progress_texts(transfer),
    }
