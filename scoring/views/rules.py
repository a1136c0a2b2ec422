from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activity.audit import Actor
from activity.components import Impossible
from activity.requests import StaffRequest
from scoring.forms import BoundsForm, RuleForm
from scoring.models import Rule, Scoring
from scoring.preview import preview
from scoring.rows import rows_of
from scoring.rules import is_behind
from scoring.writing import delete, pause, resume
from segments.conditions import Wrong
from segments.definitions import Definitions
from segments.evaluation import today
from segments.views.building import is_to_be_kept, looked_at


@require_safe
@permission_required("scoring.view_rule", raise_exception=True)
def rules(request: StaffRequest) -> HttpResponse:
    """All rules, those in force first, the bounds of scores, and how far scores follow."""
    return _list(request, BoundsForm(instance=Scoring.present()))


@require_POST
@permission_required("scoring.change_rule", raise_exception=True)
def bounds(request: StaffRequest) -> HttpResponse:
    form = BoundsForm(request.POST, instance=Scoring.present())
    if not form.save_bounds(actor=Actor.of(request)):
        return _list(request, form)
    messages.success(request, _("The bounds are kept; scores follow in a moment."))
    return redirect("scoring:list")


def _list(request: StaffRequest, form: BoundsForm) -> HttpResponse:
    found = sorted(Rule.objects.all(), key=lambda rule: rule.archived)
    scoring = Scoring.present()
    context = {"rows": rows_of(found, Definitions(today())), "scoring": scoring, "form": form}
    return render(request, "scoring/list.html", context | {"is_behind": is_behind(scoring)})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(("contacts.view_contact", "scoring.add_rule"), raise_exception=True)
def add(request: StaffRequest) -> HttpResponse:
    return _build(request, RuleForm(request.POST if request.method == "POST" else None), _("The rule is made."))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(("contacts.view_contact", "scoring.change_rule"), raise_exception=True)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(Rule, pk=pk)
    form = RuleForm(request.POST if request.method == "POST" else None, rule=rule)
    return _build(request, form, _("The rule is changed."))


def _build(request: StaffRequest, form: RuleForm, done: str) -> HttpResponse:
    """The form of a rule. Each button sends all of it; only one of them keeps the rule."""
    if is_to_be_kept(request) and form.save(actor=Actor.of(request)):
        messages.success(request, _("%(done)s Scores follow in a moment.") % {"done": done})
        return redirect("scoring:list")
    context, values = looked_at(request, form), form.values
    context |= {
        "rule": form.rule,
        "answer": preview(context["definition"], **values) if context["definition"] and values else None,
        "look": _("Look"),
    }
    return render(request, "scoring/build.html", context)


@require_POST
@permission_required("scoring.change_rule", raise_exception=True)
def pausing(request: StaffRequest, pk: int) -> HttpResponse:
    """Pauses a rule, or has it go on."""
    rule = get_object_or_404(Rule, pk=pk)
    try:
        if request.POST.get("do") == "resume":
            resume(rule=rule, actor=Actor.of(request))
            messages.success(request, _("The rule is in force again; scores follow in a moment."))
        else:
            pause(rule=rule, actor=Actor.of(request))
            messages.success(request, _("The rule is paused: its points go from all scores in a moment."))
    except Impossible as error:
        messages.error(request, str(error))
    except Wrong as wrong:
        messages.error(request, _("It cannot be in force as it is: %(reason)s") % {"reason": wrong.mistakes[0].reason})
    return redirect("scoring:list")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("scoring.delete_rule", raise_exception=True)
def deleting(request: StaffRequest, pk: int) -> HttpResponse:
    """Asks first."""
    rule = get_object_or_404(Rule, pk=pk)
    if request.method != "POST":
        return render(request, "scoring/delete.html", {"row": rows_of([rule], Definitions(today()))[0]})
    try:
        delete(rule=rule, actor=Actor.of(request))
        messages.success(request, _("The rule is deleted: its points go from all scores in a moment."))
    except Impossible as error:
        messages.error(request, str(error))
    return redirect("scoring:list")
