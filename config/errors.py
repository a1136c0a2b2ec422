"""The pages of what is not there, not allowed or too much, with the reason that the view gave."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import bad_request


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"reason": _reason(exception)}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": _reason(exception)}, status=403)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself refuses to read; a form with too much in it says so."""
    if not isinstance(exception, RequestDataTooBig):
        return bad_request(request, exception)
    words = _("What was sent is larger than %(most)d MB, and was not read. Go back, make it shorter and try again.")
    most = {"most": (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 1024**2}
    return render(request, "400.html", {"reason": words % most}, status=413)


def _reason(exception: Exception) -> str:
    """The view's own words; an address that leads to no view has none."""
    reason = exception.args[0] if exception.args else ""
    return reason if isinstance(reason, str) else ""
