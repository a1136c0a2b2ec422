from collections.abc import Callable

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from messaging.providers.telegram import hook as telegram
from messaging.providers.twilio import hook as twilio
from messaging.receipts import Told, receive
from messaging.webhooks.interface import Forged, Unreadable

log = structlog.get_logger(__name__)

_HOOKS: dict[str, Callable[[HttpRequest], list[Told]]] = {"telegram": telegram.read, "twilio": twilio.read}


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
    return HttpResponse(status=204)
