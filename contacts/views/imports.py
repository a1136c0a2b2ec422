"""The pages of an import: upload, columns, check, run."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activity import transfers
from activity.audit import Actor, record
from activity.models import Transfer
from activity.requests import StaffRequest
from activity.transfer_states import State
from contacts.imports.formats import Format, sample_rows
from contacts.imports.forms import FormatForm, MappingForm, OptionsForm, UploadForm, initial_options
from contacts.imports.mapping import Mapping
from contacts.imports.presentation import pages_context
from contacts.imports.refusals import RefusedRows
from contacts.imports.start import start
from contacts.imports.steps import KIND
from contacts.imports.storage import table

_may_import = permission_required("contacts.import_contact", raise_exception=True)
_RECENT = 5
_FORM_BYTES = 100_000


@csrf_exempt  # checked by `_upload`, once the request's size is known: reading the token reads the whole body
@_may_import
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: StaffRequest) -> HttpResponse:
    """Asks for a file and takes it; a file that is too big is refused before it is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.IMPORT_MAX_BYTES + _FORM_BYTES:
        form = UploadForm()
        form.errors["file"] = form.error_class([_("The file is larger than %(size)s.") % {"size": _most()}])
        return render(request, "contacts/import_upload.html", _upload_context(request, form), status=413)
    return _upload(request)


@csrf_protect
def _upload(request: StaffRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file: TemporaryUploadedFile = form.cleaned_data["file"]
            name = file.name or _("file")
            return redirect(start(file=Path(file.temporary_file_path()), name=name, actor=Actor.of(request)).url)
    return render(request, "contacts/import_upload.html", _upload_context(request, form))


def _upload_context(request: StaffRequest, form: UploadForm) -> dict[str, Any]:
    recent = Transfer.objects.visible_to(request.user).filter(kind=KIND).order_by("-created_at")[:_RECENT]
    return {"form": form, "max_size_text": _most(), "max_bytes": settings.IMPORT_MAX_BYTES, "recent": recent}


def _most() -> str:
    return filesizeformat(settings.IMPORT_MAX_BYTES)


def _found(request: StaffRequest, pk: int) -> Transfer:
    transfer = Transfer.objects.visible_to(request.user).filter(pk=pk, kind=KIND).first()
    if transfer is None:
        raise Http404(_("You have no import of this number."))
    return transfer


@_may_import
@require_safe
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Where the import is: its progress, what there is to decide, or its result."""
    transfer = _found(request, pk)
    if transfer.state == State.WAITING and transfer.step == "map":
        return redirect("contacts:import_columns", pk)
    page = "import_check" if transfer.step in {"inspect", "check", "confirm"} else "import_run"
    return render(request, f"contacts/{page}.html", pages_context(transfer))


@_may_import
@require_safe
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The progress alone; once there is nothing to wait for, a word to load the page anew."""
    transfer = _found(request, pk)
    if not transfer.is_busy:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "activity/transfer_progress.html", pages_context(transfer))


@_may_import
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """What becomes of each column; sent off, the file is checked."""
    transfer = _found(request, pk)
    if transfer.state != State.WAITING:
        return redirect(transfer.url)
    if "preview" in request.POST:
        return _read_again(request, transfer)
    format_ = Format.load(transfer.parameters["format"])
    rows = sample_rows(table(transfer), format_)
    stored = transfer.parameters.get("mapping")
    mapping = (
        MappingForm.decided(Mapping.load(stored), rows, format_) if stored else MappingForm.suggested(rows, format_)
    )
    options = OptionsForm(initial=stored and initial_options(stored))
    if request.method == "POST":
        options = OptionsForm(request.POST)
        chosen = mapping.read(request.POST, options)
        if options.is_valid() and mapping.is_valid:
            parameters = transfer.parameters | {"mapping": chosen.dump()}
            with suppress(transfers.NotNow):
                transfers.queue(transfer, step="check", actor=Actor.of(request), parameters=parameters)
            return redirect(transfer.url)
    return _columns_page(request, transfer, FormatForm.of(format_), mapping, options)


def _read_again(request: StaffRequest, transfer: Transfer) -> HttpResponse:
    form = FormatForm(request.POST)
    if form.is_valid():
        Transfer.objects.filter(pk=transfer.pk, state=State.WAITING).update(
            step="map", result={}, parameters={**transfer.parameters, "format": form.format.dump(), "mapping": None}
        )
    return redirect("contacts:import_columns", transfer.pk)


def _columns_page(
    request: StaffRequest, transfer: Transfer, format_form: FormatForm, mapping: MappingForm, options: OptionsForm
) -> HttpResponse:
    context = {
        **pages_context(transfer),
        "format_form": format_form,
        "options_form": options,
        "columns": mapping.choices,
        "target_groups": mapping.target_groups,
        "errors": mapping.errors,
    }
    return render(request, "contacts/import_mapping.html", context)


@_may_import
@require_POST
def run(request: StaffRequest, pk: int) -> HttpResponse:
    """Starts the import that was checked; sent twice, it runs once."""
    transfer = _found(request, pk)
    if transfer.state == State.WAITING and transfer.step == "confirm":
        with suppress(transfers.NotNow):  # another tab was quicker: this one shows what it has started
            transfers.queue(transfer, step="run", actor=Actor.of(request))
    return redirect(transfer.url)


@_may_import
@require_POST
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Goes on with an import that has stopped, from where it was."""
    transfer = _found(request, pk)
    if transfer.state == State.FAILED:
        with suppress(transfers.NotNow):
            transfers.retry(transfer, actor=Actor.of(request))
    return redirect(transfer.url)


@_may_import
@require_POST
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Ends the import; rows that are imported stay."""
    transfer = _found(request, pk)
    if not transfer.has_ended:
        with suppress(transfers.NotNow):
            transfers.cancel(transfer, actor=Actor.of(request))
    return redirect(transfer.url)


@_may_import
@require_safe
def refused(request: StaffRequest, pk: int) -> HttpResponse | FileResponse | HttpResponseRedirect:
    """The refused rows as a file that can be mended and imported again."""
    transfer = _found(request, pk)
    file = RefusedRows(transfer.path).file
    if not file.exists():
        raise Http404(_("This import has no file of refused rows (any more)."))
    if request.method == "GET":
        record(actor=Actor.of(request), verb=f"{KIND}.download", of=transfer)
    name = _("refused rows of %(file)s") % {"file": Path(transfer.source_name).stem}
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=f"{name}.csv",
        content_type="text/csv",
        headers={"Cache-Control": "private, no-store"},
    )
