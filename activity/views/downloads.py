from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activity.audit import Actor, record
from activity.exports.files import finished
from activity.exports.links import fits
from activity.exports.steps import CSV
from activity.models import Transfer
from activity.requests import StaffRequest
from activity.transfer_states import State

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def download(request: StaffRequest, pk: int, token: str) -> HttpResponse | FileResponse:
    """The file of an export, for its owner and admins; whoever else has the link learns nothing from it."""
    transfer = _found(request, pk)
    if transfer is None or not fits(transfer, token):
        raise Http404
    if transfer.has_expired or not finished(transfer).exists():
        return render(request, "activity/expired.html", {"transfer": transfer}, status=410)
    if request.method == "GET":
        record(actor=Actor.of(request), verb=f"{transfer.kind}.download", of=transfer)
    return FileResponse(
        finished(transfer).open("rb"),
        as_attachment=True,
        filename=transfer.result_name,
        content_type=_TYPES[transfer.parameters.get("format", CSV)],
        headers={"Cache-Control": "private, no-store"},
    )


def _found(request: StaffRequest, pk: int) -> Transfer | None:
    if not request.user.has_perm("activity.view_transfer"):
        return None
    return Transfer.objects.visible_to(request.user).filter(pk=pk, state=State.DONE).exclude(result_name="").first()
