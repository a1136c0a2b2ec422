from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from messaging.providers.esp import hook as esp
from messaging.providers.smtp import hook as smtp
from messaging.providers.telegram import hook as telegram
from messaging.providers.twilio import hook as twilio
from messaging.providers.viber import hook as viber
from messaging.providers.webpush import hook as webpush
from messaging.receipts import Told, receive
from messaging.webhooks.interface import Forged, TooLarge, Unreadable

log = structlog.get_logger(__name__)

_HOOKS: dict[str, Callable[[HttpRequest], list[Told]]] = {
    "smtp": smtp.read,
    "telegram": telegram.read,
    "twilio": twilio.read,
    "viber": viber.read,
    "webpush": webpush.read,
}
# What a provider has reason to send, in bytes, so that nobody fills the memory.
_MOST: dict[str, int] = {"smtp": 32 * 1024**2}  # a mail that came back, behind what is said of it
_USUAL_MOST = 1024**2
# Of those who may say something in return.
_ANSWERS: dict[str, Callable[[HttpRequest], dict[str, Any] | None]] = {"viber": viber.answer}


@csrf_exempt
@login_not_required
@require_POST
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """What a provider tells; it is thanked once that is kept."""
    if provider not in _HOOKS and not esp.knows(provider):
        raise Http404
    try:
        _read(request, _MOST.get(provider, _USUAL_MOST))
        told = _HOOKS[provider](request) if provider in _HOOKS else esp.read(provider, request)
    except Forged:
        log.warning("hook_forged", provider=provider)
        return HttpResponse(status=403)
    except TooLarge as refused:
        log.warning("hook_too_large", provider=provider)
        return HttpResponse(str(refused), status=413, content_type="text/plain; charset=utf-8")
    except Unreadable:
        log.warning("hook_unreadable", provider=provider)
        return HttpResponse(status=400)
    receive(provider, told)
    answer = _ANSWERS[provider](request) if provider in _ANSWERS else None
    return JsonResponse(answer) if answer else HttpResponse(status=204)


def _read(request: HttpRequest, most: int) -> None:
    """Reads the body, which may be longer or shorter here than Django's one limit for all. Raises `TooLarge`."""
    body = request.read(most + 1)
    if len(body) > most:
        raise TooLarge(_("More than %(most)d bytes are not taken here.") % {"most": most})
    request._body = body  # where Django keeps what it has read
