"""Webhooks of email service providers: verified and read by anymail (anymail.dev/en/stable/sending/tracking/)."""

import datetime
import hashlib
import inspect
import json
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import structlog
from anymail.exceptions import AnymailError, AnymailImproperlyInstalled, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.base import AnymailCoreWebhookView
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext as _

from messaging.credentials.reading import esp_options, webhook_secret
from messaging.providers.esp.names import LABELS
from messaging.providers.esp.provider import OURS
from messaging.receipts import Told
from messaging.tellings import Telling
from messaging.tracking import tokens
from messaging.tracking.machines import is_machine
from messaging.webhooks.interface import Forged, Unreadable

log = structlog.get_logger(__name__)

_TELLINGS = {
    EventType.SENT: Telling.SENT,
    EventType.REJECTED: Telling.REJECTED,
    EventType.FAILED: Telling.FAILED,
    EventType.DEFERRED: Telling.SOFT,
    EventType.DELIVERED: Telling.DELIVERED,
    EventType.OPENED: Telling.OPENED,
    EventType.CLICKED: Telling.CLICKED,
    EventType.COMPLAINED: Telling.COMPLAINED,
    EventType.UNSUBSCRIBED: Telling.UNSUBSCRIBED,
}
# Of a bounce the reason decides: only that nobody is there says something of the address.
_BOUNCES = {
    RejectReason.BOUNCED: Telling.HARD,
    RejectReason.INVALID: Telling.HARD,
    RejectReason.TIMED_OUT: Telling.GIVEN_UP,
}
# What providers themselves call it where anymail's word is too coarse.
_OWN_WORDS = {
    "SoftBounce": Telling.SOFT,  # Postmark
    "Transient": Telling.SOFT,  # Amazon SES, Resend
    "Undetermined": Telling.REJECTED,
    "soft_bounce": Telling.SOFT,  # Brevo, Mandrill
    "hard_bounce": Telling.HARD,
    "soft_bounced": Telling.SOFT,  # MailerSend
    "hard_bounced": Telling.HARD,
    "bounce": Telling.HARD,  # SendGrid
    "blocked": Telling.REJECTED,
    "expired": Telling.GIVEN_UP,
    # SparkPost: soft, no DNS, mailbox full, too large, for no given reason, transient.
    **dict.fromkeys(("20", "21", "22", "23", "40", "70"), Telling.SOFT),
}
# As an event it may be of either kind.
_EITHER = "bounce"
# A signature that covers no content (Mailgun's) is good for so long; the provider tries for eight hours.
_FRESH = datetime.timedelta(days=1)


def knows(name: str) -> bool:
    return name in LABELS and _view_class(name) is not None


def read(name: str, request: HttpRequest) -> list[Told]:
    """Raises `Forged` for what the provider has not signed, also where nothing is set that it could be verified by."""
    view = _view(name)
    if view is None or (getattr(view, "warn_if_no_basic_auth", False) and not view.basic_auth):
        raise Forged
    try:
        view.run_validators(request)
    except (AnymailError, UnicodeError, ValueError, TypeError, AttributeError) as error:
        raise Forged from error
    try:
        events = view.parse_events(request)
        return [told for event in events for told in _told(event)]
    except AnymailWebhookValidationFailure as error:
        raise Forged from error
    except (AnymailError, ValueError, KeyError, TypeError, AttributeError, LookupError) as error:
        raise Unreadable from error


def _view(name: str) -> Any:
    """Anymail's view, as far as it can be set up; its warnings are ours to heed (`read`)."""
    found = _view_class(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return found(**esp_options(name), **webhook_secret(name)) if found else None
        except AnymailImproperlyInstalled as error:
            log.warning("webhook_not_installed", provider=name, error=str(error))
        except ImproperlyConfigured:
            pass  # as `read` says it
    return None


@cache
def _view_class(name: str) -> type[Any] | None:
    """The view that tells of mails that were sent."""
    try:
        module = import_module(f"anymail.webhooks.{name}")
    except ImportError:
        return None
    views = (each for _name, each in inspect.getmembers(module, inspect.isclass) if each.__module__ == module.__name__)
    own = (each for each in views if issubclass(each, AnymailCoreWebhookView))
    return next((each for each in own if each.__name__.endswith(("TrackingWebhookView", "CombinedWebhookView"))), None)


def _told(event: Any) -> Iterator[Told]:
    telling = _telling(event) if isinstance(event, AnymailTrackingEvent) else None
    if telling is None:
        return
    raw = _plain(event.esp_event)
    at = event.timestamp or now()
    if _is_stale(raw):
        raise Forged
    metadata = event.metadata if isinstance(event.metadata, Mapping) else {}
    yield Told(
        event_id=_event_id(event, raw, telling),
        telling=telling,
        occurred_at=at,
        message_id=tokens.read(str(metadata.get(OURS, ""))),
        provider_id=str(event.message_id or "")[:200],
        words=str(event.mta_response or event.description or event.reject_reason or "")[:1_000],
        details=_details(event, raw),
        raw=raw,
    )


def _telling(event: Any) -> Telling | None:
    if event.event_type != EventType.BOUNCED:
        return _TELLINGS.get(event.event_type)
    own = (_OWN_WORDS.get(word) for word in _own_words(_plain(event.esp_event)) if isinstance(word, str))
    return next(filter(None, own), None) or _BOUNCES.get(event.reject_reason, Telling.REJECTED)


def _own_words(raw: Mapping[str, Any]) -> Iterator[Any]:
    """What the provider calls a bounce, from where each of them says it; what says more comes first."""
    if raw.get("hard_bounce") is False:  # Mailjet
        yield "soft_bounce"
    data = _object(raw.get("data"))
    yield from (raw.get("Type"), raw.get("type"), data.get("type"))
    yield from (_object(raw.get("bounce")).get("bounceType"), _object(data.get("bounce")).get("type"))
    yield from (str(_object(each).get("bounce_class")) for each in _object(raw.get("msys")).values())
    yield None if raw.get("event") == _EITHER else raw.get("event")


def _details(event: Any, raw: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"url": event.click_url} if event.click_url else {}
    agent = event.user_agent or ""
    # SendGrid and Mailgun tell by themselves.
    client = _object(_object(raw.get("event-data")).get("client-info"))
    said = raw.get("sg_machine_open") is True or bool(client.get("bot"))
    if said or (agent and is_machine(agent, since_sent=None)):
        found["machine"] = _("a program")
    return found


def _event_id(event: Any, raw: Mapping[str, Any], telling: Telling) -> str:
    """The provider's own number; where it gives none, what it told is known by its content.

    Mailgun's is what it has signed, and nothing else: with other content it is still the same.
    """
    given = str(event.event_id or "")
    if given and len(given) < 200:
        return given if "signature" in raw else f"{telling}:{given}"
    return hashlib.sha256(json.dumps(raw, sort_keys=True, default=str).encode()).hexdigest()


def _is_stale(raw: Mapping[str, Any]) -> bool:
    signed = _object(raw.get("signature")).get("timestamp")
    if not str(signed or "").isdecimal():
        return False
    return abs(now().timestamp() - int(str(signed))) > _FRESH.total_seconds()


def _plain(raw: Any) -> dict[str, Any]:
    """What came, as an object that can be kept."""
    found = raw.dict() if hasattr(raw, "dict") else raw
    return dict(found) if isinstance(found, Mapping) else {"raw": found}


def _object(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}
