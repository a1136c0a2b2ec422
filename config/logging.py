"""What a log line may say of an exception, and of addresses."""

import re
import sys
import traceback

from structlog.typing import EventDict, WrappedLogger

# Whoever has a link to leave or to join by may use it. The other addresses of pushes are everybody's.
_SECRET = re.compile(r"/(u|push|join)/(?!(?:worker\.js|join\.js|key|join|leave|look)(?:[/\s?]|$))[^/\s?]+")


def masked(text: str) -> str:
    """Without what is secret in the paths that stand in it, as in “Not Found: /join/…/”."""
    return _SECRET.sub(r"/\1/…", text)


def without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Django, too, writes paths: of what it refuses or does not find."""
    return {name: masked(value) if isinstance(value, str) else value for name, value in event.items()}


def without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Renders `exc_info` as the exception's types and frames, innermost last, without messages.

    Messages quote data (PostgreSQL's “Key (email)=(…) already exists”), and logs hold no personal data.
    """
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    elif isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if isinstance(found, tuple) and found[1] is not None:
        event["exception"] = _chain(found[1])
        event.pop("error", None)  # django-structlog has the message of a failed task there
    for name in ("request", "response"):  # Django hands its request object along; only its path was logged already.
        if not isinstance(event.get(name, ""), str | int):
            event.pop(name)
    return event


def _chain(error: BaseException | None) -> list[dict[str, object]]:
    links: list[dict[str, object]] = []
    while error is not None and len(links) < 5:
        frames = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        links.append({"type": f"{type(error).__module__}.{type(error).__qualname__}", "frames": frames[-20:]})
        error = error.__cause__ or error.__context__
    return links
