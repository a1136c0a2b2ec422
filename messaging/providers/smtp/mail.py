"""A message as mail (RFC 5322, 2045–2049): both parts, and the headers by which mail programs let people leave.

Put together by hand: the standard library's classes parse every header that they are given, and take as long for it as
all the rest of a message.
"""

import base64
import re
import uuid
from collections.abc import Iterator
from email.header import Header
from email.utils import format_datetime, quote

from django.core.mail.utils import DNS_NAME
from django.utils.timezone import now
from django.utils.translation import gettext as _

from messaging.providers.interface import Outgoing

# RFC 5322, 2.1.1: the longest line that may be, and that should be.
_LONGEST, _LONG = 998, 76
_CONTROLS = re.compile(r"[\0-\x1f\x7f]")
_ATOMS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")
_NEWLINES = re.compile(r"\r\n?|\n")


def mail_of(outgoing: Outgoing) -> bytes:
    """The mail, in ASCII. Raises `ValueError` for what no header can hold, and for addresses beyond ASCII."""
    boundary = f"=_{uuid.uuid4().hex}"
    rendered = outgoing.rendered
    parts = [_part("plain", rendered.text)]
    if rendered.html:
        parts.append(_part("html", rendered.html))
    head = "\r\n".join((*_head(outgoing), "MIME-Version: 1.0"))
    if len(parts) == 1:
        return f"{head}\r\n{parts[0]}".encode("ascii")
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    content_type = f'Content-Type: multipart/alternative; boundary="{boundary}"'
    return f"{head}\r\n{content_type}\r\n\r\n{body}--{boundary}--\r\n".encode("ascii")


def message_id(outgoing: Outgoing) -> str:
    """The same whenever the same message is handed over, so that mailboxes can tell."""
    return f"<{outgoing.key}@{outgoing.sender.rpartition('@')[2] or DNS_NAME.get_fqdn()}>"


def _head(outgoing: Outgoing) -> Iterator[str]:
    yield f"From: {_mailbox('From', outgoing.sender_name, outgoing.sender)}"
    yield f"To: {_mailbox('To', outgoing.name, outgoing.address)}"
    yield f"Subject: {_words('Subject', outgoing.rendered.subject)}"
    yield f"Date: {format_datetime(now())}"
    yield f"Message-ID: {message_id(outgoing)}"
    if outgoing.leave_url:
        yield f"List-Unsubscribe: <{outgoing.leave_url}>"
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def _part(subtype: str, text: str) -> str:
    """As it is where it may be; else in base64, which every server takes."""
    text = _NEWLINES.sub("\r\n", text)
    encoding = "7bit"
    if not text.isascii() or "\0" in text or max(map(len, text.split("\r\n"))) > _LONGEST:
        encoding, text = "base64", _base64(text)
    return f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{text}"


def _base64(text: str) -> str:
    return base64.encodebytes(text.encode()).decode("ascii").replace("\n", "\r\n")


def refuse_controls(line: str) -> None:
    """Raises `ValueError` for what no header can hold."""
    if _CONTROLS.search(line):
        raise ValueError(_("A line of a mail's head has signs in it that end it."))


def _words(header: str, text: str) -> str:
    """Text that is no address, in encoded words where it must be (RFC 2047), and folded."""
    refuse_controls(text)
    if text.isascii() and len(text) + len(header) < _LONG and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=header, maxlinelen=_LONG).encode(linesep="\r\n")


def _mailbox(header: str, name: str, address: str) -> str:
    if _CONTROLS.search(address) or not address.isascii() or not re.fullmatch(r"[^\s<>]+@[^\s<>@]+", address):
        raise ValueError(_("No mail can be sent to or from the address “%(address)s”.") % {"address": address})
    if not name:
        return address
    shown = _words(header, name)
    if shown is name and not _ATOMS.fullmatch(name):
        shown = f'"{quote(name)}"'
    return f"{shown} <{address}>"
