"""Activity Log → Import/Export, and what can be done with any of its rows."""

from contextlib import suppress
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activity import deeds
from activity import transfers as engine
from activity.audit import Actor
from activity.models import Transfer
from activity.progress import progress_texts
from activity.requests import StaffRequest
from activity.transfer_states import State

SHOWN = 50

_may_view = permission_required("activity.view_transfer", raise_exception=True)


@require_safe
@_may_view
def transfers(request: StaffRequest) -> HttpResponse:
    """One's own imports and exports, newest first; everybody's for admins. `before`: the last of the page above."""
    rows = Transfer.objects.visible_to(request.user).select_related("owner").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: SHOWN + 1])
    shown = found[:SHOWN]
    context = {
        "transfers": [(row, progress_texts(row) if row.is_busy else {}) for row in shown],
        "busy": any(row.is_busy for row in shown),
        "older": shown[-1].pk if len(found) > SHOWN else None,
        "is_later_page": bool(before),
        "tab": "transfers",
    }
    return render(
        request, "activity/transfers.html#rows" if _wants_rows(request) else "activity/transfers.html", context
    )


@require_safe
@_may_view
def transfer(request: StaffRequest, pk: int) -> HttpResponse:
    """An export: its progress, then its file and what is in it. An import has a page of its own."""
    found = _found(request, pk)
    if not found.is_export:
        return redirect(found.url)
    subject = deeds.subject("contacts.contact", found.contact_id, request.user)
    return render(request, "activity/export.html", _context(found) | {"subject": subject})


@require_safe
@_may_view
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The progress alone; once there is nothing to wait for, a word to load the page anew."""
    found = _found(request, pk)
    if not found.is_busy:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "activity/transfer_progress.html", _context(found))


@require_POST
@_may_view
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    with suppress(engine.NotNow):
        engine.cancel(found, actor=Actor.of(request))
    return _back(request, found)


@require_POST
@_may_view
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Goes on with what has stopped, from where it was."""
    found = _found(request, pk)
    if found.state == State.FAILED:
        with suppress(engine.NotNow):
            engine.retry(found, actor=Actor.of(request))
    return _back(request, found)


def _found(request: StaffRequest, pk: int) -> Transfer:
    found = Transfer.objects.visible_to(request.user).select_related("owner").filter(pk=pk).first()
    if found is None:
        raise Http404(_("You have no import or export of this number."))
    return found


def _back(request: StaffRequest, found: Transfer) -> HttpResponse:
    """To the list, where the row's own button was used."""
    return redirect("activity:transfers" if "list" in request.POST else found.url)


def _context(found: Transfer) -> dict[str, Any]:
    return {
        "transfer": found,
        "progress_url": reverse("activity:progress", args=[found.pk]),
        "cancel_url": reverse("activity:cancel", args=[found.pk]),
        **progress_texts(found),
    }


def _wants_rows(request: StaffRequest) -> bool:
    return bool(request.htmx and request.htmx.target == "rows" and not request.htmx.history_restore_request)
