"""An event in a sentence: what happened, to what, and what it came of."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from activity.catalogue import Kind, Status
from activity.labels import CHANNELS, ORIGINS, origin_label
from activity.models import Event

_HAPPENED: dict[Status, str | Promise] = {
    Status.DELIVERED: gettext_lazy("Delivered"),
    Status.OPEN: gettext_lazy("Opened"),
    Status.CLICK: gettext_lazy("Clicked"),
    Status.COMPLAINT: gettext_lazy("Complained about"),
    Status.EMAIL_UNSUBSCRIBED: gettext_lazy("Unsubscribed by"),
    Status.SOFT: gettext_lazy("Bounced for now:"),
    Status.HARD: gettext_lazy("Bounced for good:"),
    Status.REJECT: gettext_lazy("Rejected"),
    Status.FAIL: gettext_lazy("Failed"),
    Status.FAILED: gettext_lazy("Failed"),
    Status.EXPIRED: gettext_lazy("Expired"),
    Status.DISMISSED: gettext_lazy("Dismissed"),
    Status.UNDELIVERED: gettext_lazy("Undelivered"),
}
# What an event's data may tell, in the order in which people ask for it.
FACTS: dict[str, str | Promise] = {
    "title": gettext_lazy("Message"),
    "name": gettext_lazy("Event"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "words": gettext_lazy("The provider’s words"),
    "url": gettext_lazy("Link"),
    "device": gettext_lazy("Device"),
    "campaign": gettext_lazy("Campaign"),
    "workflow": gettext_lazy("Workflow"),
    "trigger": gettext_lazy("Trigger"),
    "step": gettext_lazy("Step"),
    "segment": gettext_lazy("Segment"),
    "tags": gettext_lazy("Tags"),
    "key": gettext_lazy("API key"),
    "by": gettext_lazy("By"),
}
_LAUNCHES = ("campaign", "workflow", "trigger")
_ADVERSE = {
    Status.COMPLAINT, Status.EMAIL_UNSUBSCRIBED, Status.SOFT, Status.HARD, Status.REJECT, Status.FAIL, Status.FAILED,
    Status.EXPIRED, Status.UNDELIVERED,
}  # fmt: skip


class _Words(NamedTuple):
    """What is said of every event of a kind, and of any."""

    happened: str
    channel: str
    origin: str
    untitled: str
    step: str
    segment: str
    key: str
    by: str


# A page has fifty events of ten kinds; looking each word up takes a third of the time that their rows take.
@lru_cache(maxsize=2048)
def _said_of(kind: Kind, _language: str | None) -> _Words:
    """In the language that is active, which it is told to tell the answers apart."""
    channel, origin, status = kind
    happened = origin_label(origin, channel) if status is Status.NONE else _HAPPENED[status]
    return _Words(
        happened=str(happened),
        channel=str(CHANNELS[channel]),
        origin=str(ORIGINS[origin]),
        untitled=_("a message without a title"),
        step=_("%(origin)s, step %(step)s"),
        segment=_("segment “%(name)s”"),
        key=_("API key “%(name)s”"),
        by=_("by %(name)s"),
    )


def headline(event: Event) -> tuple[str, str]:
    """What happened, and what it happened to or with ("" where nothing is known of that)."""
    kind = event.kind
    words = _said_of(kind, get_language())
    if kind.status is not Status.NONE:
        return words.happened, _text(event.data.get("title")) or words.untitled
    return words.happened, _text(event.data.get("segment") or event.data.get("name"))


def byline(event: Event) -> str:
    """The channel and what it came of, with dots between."""
    data: Mapping[str, Any] = event.data
    kind = event.kind
    words = _said_of(kind, get_language())
    parts = [words.channel, *_origin(words, data)]
    if kind.status is not Status.NONE and data.get("segment"):
        parts.append(words.segment % {"name": _text(data["segment"])})
    if data.get("amount"):
        parts.append(f"{_text(data['amount'])} {_text(data.get('currency'))}".strip())
    if data.get("key"):
        parts.append(words.key % {"name": _text(data["key"])})
    if data.get("by"):
        parts.append(words.by % {"name": _text(data["by"])})
    return " · ".join(parts)


def remark(event: Event) -> str:
    """What the provider said of a message that did not get through, or that somebody had enough of."""
    return _text(event.data.get("words")) if event.kind.status in _ADVERSE else ""


def facts(event: Event) -> list[tuple[str, str]]:
    """All that the data tell, each as label and text; what has no label of ours keeps its own name."""
    known = [(str(label), _text(event.data[key])) for key, label in FACTS.items() if key in event.data]
    return known + [(key, _text(value)) for key, value in event.data.items() if key not in FACTS]


def _origin(words: _Words, data: Mapping[str, Any]) -> list[str]:
    """Nothing where the headline has said it."""
    if not any(data.get(key) for key in ("title", *_LAUNCHES)):
        return []
    launch = next((_text(data[key]) for key in _LAUNCHES if data.get(key)), "")
    origin = f"{words.origin} “{launch}”" if launch else words.origin
    if data.get("step"):
        origin = words.step % {"origin": origin, "step": _text(data["step"])}
    return [origin]


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return "" if value is None else str(value)
