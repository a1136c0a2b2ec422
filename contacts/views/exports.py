"""What people have written into files: a contact's feed, and the contact list."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activity.audit import Actor
from activity.exports.feed import start_feed_export
from activity.exports.steps import CSV, FORMATS
from activity.feed import Filters, Period
from activity.requests import StaffRequest
from contacts.export_forms import ExportForm
from contacts.exporting import filters_in_words, found_by, start_contact_export
from contacts.forms import FilterForm
from contacts.listing import count_text
from contacts.models import ContactList
from contacts.views.profile import contact_or_404
from contacts.views.search import remembered


@require_POST
@permission_required("activity.export", raise_exception=True)
@permission_required("contacts.view_contact", raise_exception=True)
def feed(request: StaffRequest, pk: int) -> HttpResponse:
    """Has a contact's feed written into a file, under the filters in force or all of it; leads to the log."""
    contact, filters = contact_or_404(pk), Filters.read(request.POST.dict())
    if request.POST.get("scope") == "all":
        filters = Filters(period=Period.ALL, oldest_first=filters.oldest_first)
    chosen = request.POST.get("format", CSV)
    format_ = chosen if chosen in FORMATS else CSV
    start_feed_export(contact.pk, filters=filters, format_=format_, actor=Actor.of(request))
    return redirect("activity:transfers")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("activity.export", raise_exception=True)
@permission_required("contacts.view_contact", raise_exception=True)
def contacts(request: StaffRequest) -> HttpResponse:
    """Asks which columns of the contacts under the list's filters, then has them written; leads to the log."""
    filters = FilterForm(request.GET, contact_list=ContactList.default())
    word = request.GET.get("search", "")
    search = remembered(request, word)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and word and not search:
        form.add_error(None, _("Your search is not known any more. Look for the contacts again, then export them."))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        actor = Actor.of(request)
        start_contact_export(filters, search=search, columns=chosen["columns"], format_=chosen["format"], actor=actor)
        return redirect("activity:transfers")
    found, is_filtered = found_by(filters, search), bool(filters.chosen or search)
    context = {
        "form": form,
        "count_text": count_text(found, is_filtered=is_filtered),
        "filters": filters_in_words(filters),
        "search": search,
    }
    return render(request, "contacts/export.html", context)
