from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activity.audit import Actor
from activity.requests import StaffRequest
from segments.choices import field_choices
from segments.fields import origins
from segments.forms import SegmentForm
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
    do = request.POST.get("do", "")
    if do == _KEEP and (kept := form.save(actor=Actor.of(request))):
        messages.success(request, done)
        return redirect(kept)
    form.press(do)
    definition = form.definition
    if do != _KEEP:
        # Whoever is at it need not be told what is missing: the answer says what can be counted.
        form.draft.forget_errors()
    context = {
        "form": form,
        "segment": form.segment,
        "answer": preview(definition) if definition else None,
        "is_refused": do == _KEEP,
        "fields": field_choices(form.known),
        "zone": settings.TIME_ZONE.replace("_", " "),
        "origins_any": [("", _("Any origin")), *origins()],
    }
    return render(request, "segments/build.html", context)
