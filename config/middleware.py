import ipaddress
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_structlog.middlewares import RequestMiddleware

from config.logging import masked


class ClientAddress:
    """Puts the client's address into REMOTE_ADDR, as the outermost trusted proxy (`PROXY_COUNT`) saw it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Each proxy appends the address it was asked from: what stands further left may be the client's invention.
        seen = [address.strip() for address in request.headers.get("X-Forwarded-For", "").split(",")]
        if 0 < settings.PROXY_COUNT <= len(seen) and _is_address(seen[-settings.PROXY_COUNT]):
            request.META["REMOTE_ADDR"] = seen[-settings.PROXY_COUNT]
        return self.get_response(request)


class RequestLog(RequestMiddleware):
    """Logs each request without its query, since people search the admin for names, and without what is secret."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {masked(request.path)}"


class ViewerTimeZone:
    """Shows times in the viewer's zone: the one of the user's account, else the browser's (cookie `tz`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = getattr(request.user, "time_zone", "") or request.COOKIES.get("tz", "")
        try:
            timezone.activate(ZoneInfo(name)) if name else timezone.deactivate()
        except (ZoneInfoNotFoundError, ValueError, OSError):
            timezone.deactivate()
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


class PrivatePages:
    """Keeps what signed-in people see out of every cache, the browser's own included: sign-out hides it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
