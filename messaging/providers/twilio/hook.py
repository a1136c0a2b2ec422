"""What Twilio calls back with: statuses of messages, and what people write (twilio.com/docs/usage/webhooks)."""

import base64
import hmac
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import now

from activity.catalogue import Channel
from messaging.credentials.reading import credential
from messaging.providers.twilio.codes import LEFT, telling_of
from messaging.receipts import Told
from messaging.tellings import Telling
from messaging.webhooks.interface import Forged

_STATUSES = {"sent": Telling.SENT, "delivered": Telling.DELIVERED}
_FAILURES = ("undelivered", "failed")
_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"})


def read(request: HttpRequest) -> list[Told]:
    """Raises `Forged` for what Twilio has not signed."""
    fields = {name: str(value) for name, value in request.POST.items()}
    url = f"{settings.SITE_URL}{request.get_full_path()}"
    given = request.headers.get("X-Twilio-Signature", "")
    if not credential("TWILIO_AUTH_TOKEN") or not hmac.compare_digest(signature(url, fields), given.encode()):
        raise Forged
    if fields.get("AccountSid") != credential("TWILIO_ACCOUNT_SID"):
        raise Forged
    return list(_told(request, fields))


def signature(url: str, fields: Mapping[str, str]) -> bytes:
    """HMAC-SHA-1 of the address and of all fields in their order, in base64 (Twilio's own rule)."""
    text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    return base64.b64encode(hmac.digest(credential("TWILIO_AUTH_TOKEN").encode(), text.encode(), "sha1"))


def _told(request: HttpRequest, fields: Mapping[str, str]) -> Iterator[Told]:
    sid, status = fields.get("MessageSid") or fields.get("SmsSid", ""), fields.get("MessageStatus", "")
    code = int(error) if (error := fields.get("ErrorCode", "")).isdecimal() else None
    telling = _STATUSES.get(status) or (telling_of(code or 30008) if status in _FAILURES else None)
    number = request.GET.get("message", "")
    if telling:
        yield Told(
            event_id=f"{sid}:{status}",
            telling=telling,
            occurred_at=now(),
            message_id=int(number) if number.isdecimal() and len(number) < 19 else None,
            provider_id=sid,
            account=fields["AccountSid"],
            words=f"{code} {fields.get('ErrorMessage', '')}".strip() if code else "",
            raw=fields,
        )
    if code in LEFT or fields.get("Body", "").strip().upper() in _STOP or fields.get("OptOutType") == "STOP":
        yield Told(
            event_id=f"{sid}:left",
            telling=Telling.LEFT,
            occurred_at=now(),
            account=fields["AccountSid"],
            details={"channel": Channel.SMS, "address": fields["From" if "Body" in fields else "To"]},
            words=fields.get("Body", "") or str(code),
            raw=fields,
        )
