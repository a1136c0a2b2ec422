"""What the feed of a contact tells of messages."""

import datetime
from collections.abc import Mapping
from typing import Any

from activity.events import NewEvent, record, record_many
from messaging.models import Message
from messaging.tellings import Telling, status_of


def told(
    message: Message,
    telling: Telling,
    *,
    at: datetime.datetime,
    words: str = "",
    details: Mapping[str, Any] | None = None,
) -> NewEvent | None:
    """The event for it; None for what the feed does not tell."""
    channel, origin = message.kind
    status = status_of(channel, telling)
    if status is None:
        return None
    data = message.launch | ({"title": message.title} if message.title else {}) | dict(details or {})
    if words:
        data["words"] = words
    return NewEvent(message.contact_id, at, channel, origin, status, message.pk, data)


def tell(*events: NewEvent | None) -> None:
    """Adds them, in the transaction of what they tell of."""
    told_of = [each for each in events if each is not None]
    if len(told_of) == 1:
        record(**told_of[0]._asdict())
    else:
        record_many(told_of)
