"""The pages of what is not there and what is not allowed, with the reason that the view gave."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"reason": _reason(exception)}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": _reason(exception)}, status=403)


def _reason(exception: Exception) -> str:
    """The view's own words; an address that leads to no view has none."""
    reason = exception.args[0] if exception.args else ""
    return reason if isinstance(reason, str) else ""
