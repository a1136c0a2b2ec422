"""What our service worker tells of a message: that it was shown, dismissed, clicked.

Signed per message and browser; several browsers that tell the same of a message are one telling.
"""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now

from messaging.models import PushSubscription
from messaging.providers.webpush.tokens import Report
from messaging.receipts import Told
from messaging.tellings import Telling
from messaging.webhooks.interface import Forged, Unreadable

_TELLINGS = {
    "delivered": Telling.DELIVERED,
    "dismissed": Telling.DISMISSED,
    "clicked": Telling.CLICKED,
}
_MOST = 2_000


def read(request: HttpRequest) -> list[Told]:
    """Raises `Forged` and `Unreadable`."""
    try:
        said: dict[str, Any] = json.loads(request.body[:_MOST])
        token, what = str(said["token"]), _TELLINGS[said["what"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable from error
    report = Report.read(token)
    if report is None:
        raise Forged
    agent = PushSubscription.objects.filter(pk=report.browser_id).values_list("agent", flat=True).first()
    return [
        Told(
            event_id=f"{report.message_id}:{what}",
            telling=what,
            occurred_at=now(),
            message_id=report.message_id,
            details={"device": agent} if agent else {},
            raw={"what": what.value, "browser": report.browser_id},
        )
    ]
