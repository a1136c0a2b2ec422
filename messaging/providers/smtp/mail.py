"""A message as mail (RFC 5322, 2045–2049): both parts, and the headers by which mail programs let people leave."""

import email.policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.core.mail.utils import DNS_NAME
from django.utils.timezone import now
from django.utils.translation import gettext as _

from messaging.providers.interface import Outgoing

# Lines as SMTP wants them; text that is not ASCII is encoded, so that every server takes it.
_SPACE = 0x20
POLICY = email.policy.SMTP.clone(cte_type="7bit", max_line_length=78)


def mail_of(outgoing: Outgoing) -> EmailMessage:
    """The mail. Raises `ValueError` for an address or header that no mail can have."""
    if any(
        ord(sign) < _SPACE for text in (outgoing.rendered.subject, outgoing.name, outgoing.sender_name) for sign in text
    ):
        raise ValueError(_("A line of a mail's head has signs in it that end it."))
    mail = EmailMessage(policy=POLICY)
    mail["From"] = _mailbox(outgoing.sender_name, outgoing.sender)
    mail["To"] = _mailbox(outgoing.name, outgoing.address)
    mail["Subject"] = outgoing.rendered.subject
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = message_id(outgoing)
    if outgoing.leave_url:
        mail["List-Unsubscribe"] = f"<{outgoing.leave_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(outgoing.rendered.text, cte="quoted-printable")
    if outgoing.rendered.html:
        mail.add_alternative(outgoing.rendered.html, subtype="html", cte="quoted-printable")
    return mail


def message_id(outgoing: Outgoing) -> str:
    """The same whenever the same message is handed over, so that mailboxes can tell."""
    return f"<{outgoing.key}@{_host(outgoing.sender)}>"


def _mailbox(name: str, address: str) -> Address:
    local, _at, domain = address.rpartition("@")
    return Address(name, local, domain)


def _host(address: str) -> str:
    return address.rpartition("@")[2] or DNS_NAME.get_fqdn()
