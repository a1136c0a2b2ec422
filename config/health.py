"""`/healthz`: can this installation work? For load balancers, the container's health check and `manage.py up`."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models.functions import Coalesce
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activity.models import Transfer
from segments.models import Segment

# Work that has been due for longer than this has no worker taking it.
OVERDUE_SECONDS = 300


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 and `{"status": "ok"}` with the parts' states; 503 where the database or the broker does not answer.

    `oldest_due_seconds` is how long the oldest due work has been waiting; beyond five minutes `status` is "behind",
    still with 200: restarting the web process would not help.
    """
    parts = {"database": _answers(_ask_database), "broker": _answers(_ask_broker)}
    broken = [name for name, answer in parts.items() if answer != "ok"]
    if "database" in broken:
        return JsonResponse({"status": "broken", **parts}, status=503)
    oldest = _oldest_due_seconds()
    status = "broken" if broken else "behind" if oldest > OVERDUE_SECONDS else "ok"
    return JsonResponse({"status": status, **parts, "oldest_due_seconds": oldest}, status=503 if broken else 200)


def _answers(ask: Callable[[], object]) -> str:
    try:
        ask()
    except (DatabaseError, redis.RedisError, OSError) as error:
        return type(error).__name__
    return "ok"


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as broker:
        broker.ping()


def _oldest_due_seconds() -> int:
    now = timezone.now()
    since = Coalesce("lease_until", "due_at")  # work whose worker has gone is due since its lease ran out
    transfer = Transfer.objects.due().order_by(since).values_list(since, flat=True).first()
    segment = Segment.objects.due(now).values_list("due_at", flat=True).first()
    return max((int((now - each).total_seconds()) for each in (transfer, segment) if each), default=0)
