"""Requests of browsers on pages of other sites: from which sites, how large and how often they may come."""

import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

MOST_BYTES = 8_192
# From one address, in each process that serves the site.
MOST_A_MINUTE = 60
_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "600",
}
_P = ParamSpec("_P")
_Answer = Callable[[HttpRequest, dict[str, Any]], HttpResponse]
_View = Callable[[HttpRequest], HttpResponse]


def from_pages(*methods: str, limited: bool = True) -> Callable[[_Answer], _View]:
    """A view for scripts in pages of this site and of `WEBPUSH_ORIGINS`: it gets the JSON object that they send.

    `limited`: is refused to who asks too often.
    """

    def decorate(answer: _Answer) -> _View:
        @wraps(answer)
        def view(request: HttpRequest) -> HttpResponse:
            origin = request.headers.get("Origin", "")
            if not (origin in _origins(request) or (request.method == "GET" and not origin)):
                return said(403, "origin")
            response = _answered(request, answer, methods, limited=limited)
            patch_vary_headers(response, ["Origin"])
            if origin:
                response["Access-Control-Allow-Origin"] = origin
            return response

        return csrf_exempt(login_not_required(never_cache(view)))

    return decorate


def said(status: int, word: str) -> HttpResponse:
    """What the snippet is told, in one word."""
    return JsonResponse({"said": word}, status=status)


def _answered(request: HttpRequest, answer: _Answer, methods: tuple[str, ...], *, limited: bool) -> HttpResponse:
    if request.method == "OPTIONS":  # before a request to another site browsers ask whether they may
        return HttpResponse(status=204, headers=_ALLOWED)
    if request.method not in methods:
        return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
    if limited and _is_too_often(request.META.get("REMOTE_ADDR", "")):
        return said(429, "often")
    try:
        given = _object(request) if request.method == "POST" else {}
    except (ValueError, RecursionError, RequestDataTooBig):
        return said(400, "unreadable")
    return answer(request, given)


def _origins(request: HttpRequest) -> set[str]:
    return {settings.SITE_URL, f"{request.scheme}://{request.get_host()}", *settings.WEBPUSH_ORIGINS}


def _object(request: HttpRequest) -> dict[str, Any]:
    """Raises `ValueError`."""
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise ValueError(length)
    found = json.loads(request.body)
    if not isinstance(found, dict):
        raise ValueError(found)
    return found


def _is_too_often(address: str) -> bool:
    key = f"webpush:{address}:{int(time.time()) // 60}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # it was just forgotten
        return False
