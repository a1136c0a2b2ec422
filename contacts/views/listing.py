from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from activity.requests import StaffRequest
from contacts.bulk.forms import ChoiceForm
from contacts.cells import rows_of
from contacts.columns import COLUMNS
from contacts.exporting import found_by
from contacts.filters import marks_of
from contacts.forms import FilterForm
from contacts.listing import Order, address, columns_of, page_of
from contacts.models import ContactList, ListPreference
from contacts.views.search import remembered


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def contact_list(request: StaffRequest) -> HttpResponse:
    """The contacts of the default list: filtered, ordered, a page at a time."""
    default = ContactList.default()
    form = FilterForm(request.GET, contact_list=default)
    search = remembered(request, request.GET.get("search", ""))
    contacts = found_by(form, search)
    is_filtered = bool(form.chosen or search)
    order = Order.read(request.GET.get("sort", ""))
    visible = ListPreference.columns_of(request.user.pk)
    may_act = request.user.has_perm("contacts.change_contact")
    page = page_of(contacts, order, request.GET, is_filtered=is_filtered)
    marks = marks_of(page.rows) if "status" in visible else {}
    context = {
        "page": page,
        "rows": rows_of(page.rows, visible, marks, form="bulk" if may_act else ""),
        "columns": columns_of(visible, order, request.GET),
        "all_columns": [{"key": key, "label": COLUMNS[key], "visible": key in visible} for key in COLUMNS],
        "filters": form,
        "filters_active": is_filtered,
        "clear_url": request.path,
        "export_url": reverse("contacts:export") + address(request.GET),
        "search": search,
        "bulk": ChoiceForm(user=request.user) if may_act else None,
    }
    template = "contacts/list.html#rows" if _wants_rows(request) else "contacts/list.html"
    return render(request, template, context)


def _wants_rows(request: StaffRequest) -> bool:
    htmx = request.htmx
    return bool(htmx and htmx.target == "rows" and not htmx.history_restore_request)


@require_POST
@permission_required("contacts.view_contact", raise_exception=True)
def columns(request: StaffRequest) -> HttpResponse:
    """Remembers which columns this user sees."""
    chosen = [key for key in COLUMNS if key == "name" or key in request.POST.getlist("columns")]
    ListPreference.objects.update_or_create(user_id=request.user.pk, defaults={"columns": chosen})
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return HttpResponseRedirect(back)
    return redirect("contacts:list")
