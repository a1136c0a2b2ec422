from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activity.audit import Actor
from activity.requests import StaffRequest
from segments.fields import origins
from segments.forms import DefinitionForm, SegmentForm
from segments.models import Segment
from segments.preview import preview
from segments.writing import free_name

_KEEP = "save"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(("contacts.view_contact", "segments.add_segment"), raise_exception=True)
def add(request: StaffRequest) -> HttpResponse:
    """A new segment, empty or as a copy of another one."""
    copied = request.GET.get("like", "")
    like = Segment.objects.filter(pk=copied).first() if copied.isdecimal() and len(copied) < 19 else None
    form = SegmentForm(request.POST if request.method == "POST" else None, like=like)
    if like and not form.is_bound:
        form.initial["name"] = free_name(like.name)
    return _build(request, form, _("The segment is made and is being counted."))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(("contacts.view_contact", "segments.change_segment"), raise_exception=True)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    segment = get_object_or_404(Segment, pk=pk)
    form = SegmentForm(request.POST if request.method == "POST" else None, segment=segment)
    return _build(request, form, _("The segment is changed."))


def _build(request: StaffRequest, form: SegmentForm, done: str) -> HttpResponse:
    """The builder. Each button sends all of the form; only one of them keeps the segment."""
    if is_to_be_kept(request) and (kept := form.save(actor=Actor.of(request))):
        messages.success(request, done)
        return redirect(kept)
    context = looked_at(request, form)
    context |= {
        "segment": form.segment,
        "answer": preview(context["definition"]) if context["definition"] else None,
        "zone": settings.TIME_ZONE.replace("_", " "),
        "look": _("Count"),
    }
    return render(request, "segments/build.html", context)


def is_to_be_kept(request: StaffRequest) -> bool:
    return request.POST.get("do") == _KEEP


def looked_at(request: StaffRequest, form: DefinitionForm) -> dict[str, Any]:
    """What `segments/builder.html` shows of a form that is not kept, or not yet, after what its button does."""
    form.press(request.POST.get("do", ""))
    definition = form.definition
    is_refused = is_to_be_kept(request)
    if not is_refused:
        # Whoever is at it need not be told what is missing: the answer says what can be looked at.
        form.draft.forget_errors()
    return {
        "form": form,
        "definition": definition,
        "is_refused": is_refused,
        "fields": form.choices,
        "origins_any": [("", _("Any origin")), *origins()],
    }
