"""Bounces that come later, as mails: delivery status notifications (RFC 3461–3464), sent to a message's return path.

Whoever has that path got the mail, or is a server on its way; nobody else can make one. Other mails that come to it,
such as notes that somebody is on holiday, say nothing.
"""

import email
import email.policy
import hmac
import re
from collections.abc import Iterator
from email.message import Message as Mail
from email.parser import BytesHeaderParser

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import now

from messaging.models import Message
from messaging.providers.smtp import verp
from messaging.providers.smtp.provider import NOBODY_THERE
from messaging.receipts import Told
from messaging.tellings import Telling
from messaging.webhooks.interface import Forged, Unreadable

# The report comes first; behind it stands the mail that came back.
MOST = 512 * 1024
# What comes of mails that no library can take apart, such as one of a thousand parts within one another.
UNREADABLE = (ValueError, LookupError, RecursionError, AttributeError, TypeError)
_MOST_WORDS = 1_000
# Who a mail came for, as servers write it down.
_FOR = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# The mailbox is there and takes nothing now, as also a 5yz says it (RFC 3463, 3.3).
_FULL = ("5.2.2", "5.2.3")


def read(request: HttpRequest) -> list[Told]:
    """A mail, as the body of a request of the mail server's. Raises `Forged` and `Unreadable`."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    secret = settings.BOUNCES_SECRET
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        raise Forged
    try:
        return told_by(request.body)
    except UNREADABLE as error:
        raise Unreadable from error


def told_by(raw: bytes, *, recipient: str = "") -> list[Told]:
    """What a mail tells; nothing where it is no report, or did not come to a return path of ours.

    `recipient`: whom the mail server took it for, where that does not stand in the mail. Raises those of `UNREADABLE`,
    of mails that came to us alone: of others the head is read and nothing more.
    """
    head = BytesHeaderParser(policy=email.policy.compat32).parsebytes(raw[:MOST])
    came_for = [recipient, *(str(value) for name in _FOR for value in head.get_all(name, []))]
    messages = verp.messages_of(came_for)
    if len(messages) != 1:
        return []
    mail = email.message_from_bytes(raw[:MOST], policy=email.policy.compat32)
    return [told for report in _reports(mail) for told in _told(messages[0], report)]


def _reports(mail: Mail) -> Iterator[Mail]:
    """The fields of each recipient (RFC 3464, 2.3); those of the whole report have no action."""
    for part in mail.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            blocks = part.get_payload()
            yield from (block for block in blocks if isinstance(block, Mail)) if isinstance(blocks, list) else ()


def _told(message_id: int, report: Mail) -> Iterator[Told]:
    action, said = _field(report, "Action").lower(), _field(report, "Diagnostic-Code")
    found = _STATUS.search(_field(report, "Status"))
    status = found[0] if found else ""
    telling = _telling(action, status)
    if telling is Telling.HARD and not _is_of(message_id, report):
        telling = Telling.REJECTED
    if telling:
        fields = ("Action", "Status", "Diagnostic-Code", "Final-Recipient", "Original-Recipient", "Remote-MTA")
        yield Told(
            event_id=f"{message_id}:{action}:{status}",
            telling=telling,
            occurred_at=now(),
            message_id=message_id,
            words=said.partition(";")[2].strip() or f"{action} {status}".strip(),
            raw={name: text for name in fields if (text := _field(report, name))},
        )


def _telling(action: str, status: str) -> Telling | None:
    if action == "delayed":
        return Telling.SOFT
    if action != "failed":
        return None
    if status.startswith("4") or status in _FULL:
        return Telling.GIVEN_UP
    return Telling.HARD if status in NOBODY_THERE else Telling.REJECTED


def _is_of(message_id: int, report: Mail) -> bool:
    """Whether it tells of the address that the message went to. Of one that mails are passed on to, it says nothing."""
    address = Message.objects.filter(pk=message_id).values_list("address", flat=True).first()
    fields = (_field(report, name) for name in ("Final-Recipient", "Original-Recipient"))
    return (address or "").lower() in {field.partition(";")[2].strip(" <>").lower() for field in fields} - {""}


def _field(report: Mail, name: str) -> str:
    return " ".join(str(report.get(name, "")).replace("\0", "").split())[:_MOST_WORDS]
