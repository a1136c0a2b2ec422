from collections.abc import Callable
from typing import Any

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from messaging.providers.telegram import hook as telegram
from messaging.providers.twilio import hook as twilio
from messaging.providers.viber import hook as viber
from messaging.providers.webpush import hook as webpush
from messaging.receipts import Told, receive
from messaging.webhooks.interface import Forged, Unreadable

log = structlog.get_logger(__name__)

_HOOKS: dict[str, Callable[[HttpRequest], list[Told]]] = {
    "telegram": telegram.read,
    "twilio": twilio.read,
    "viber": viber.read,
    "webpush": webpush.read,
}
# Of those who may say something in return.
_ANSWERS: dict[str, Callable[[HttpRequest], dict[str, Any] | None]] = {"viber": viber.answer}


@csrf_exempt
@login_not_required
@require_POST
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """What a provider tells; it is thanked once that is kept."""
    if provider not in _HOOKS:
        raise Http404
    try:
        told = _HOOKS[provider](request)
    except Forged:
        log.warning("hook_forged", provider=provider)
        return HttpResponse(status=403)
    except Unreadable:
        log.warning("hook_unreadable", provider=provider)
        return HttpResponse(status=400)
    receive(provider, told)
    answer = _ANSWERS[provider](request) if provider in _ANSWERS else None
    return JsonResponse(answer) if answer else HttpResponse(status=204)
