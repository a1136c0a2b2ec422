"""Where bounces wait: a folder of mails (maildir), or a mailbox at a server (IMAP4rev1, RFC 3501)."""

import imaplib
import ssl
from pathlib import Path
from urllib.parse import unquote, urlsplit

import structlog

from messaging.providers.smtp.hook import MOST, UNREADABLE, told_by
from messaging.receipts import receive

log = structlog.get_logger(__name__)

_TIMEOUT = 30
_MOST = 500


def take_in(raw: bytes, *, recipient: str = "") -> int:
    """Keeps and applies what a mail tells; returns how much of it was new: nothing of what cannot be read."""
    try:
        told = told_by(raw, recipient=recipient)
    except UNREADABLE as error:
        log.warning("bounce_unreadable", error=type(error).__name__)
        return 0
    return receive("smtp", told)


def read_maildir(path: Path) -> tuple[int, int]:
    """Reads what is new in it; returns how many mails that were, and how much of it was news."""
    mails, news = 0, 0
    for place in sorted(each for each in (path / "new").iterdir() if each.is_file() and each.name[0] != "."):
        with place.open("rb") as mail:
            news += take_in(mail.read(MOST))
        mails += 1
        # Only now: who is killed before reads it again, which changes nothing.
        place.rename(path / "cur" / f"{place.name.partition(':')[0]}:2,S")
    return mails, news


def read_imap(url: str) -> tuple[int, int]:
    """The same with what is unseen in imaps://user:password@host/INBOX. Raises `OSError` and `imaplib.IMAP4.error`."""
    place = urlsplit(url)
    news = 0
    with _connected(place.scheme, place.hostname or "", place.port) as server:
        server.login(unquote(place.username or ""), unquote(place.password or ""))
        status, said = server.select(unquote(place.path.lstrip("/")) or "INBOX")
        if status != "OK":
            raise imaplib.IMAP4.error(said)
        numbers = server.uid("SEARCH", "UNSEEN")[1][0].split()[:_MOST]
        for number in numbers:
            # PEEK: it is seen once it is kept, and not before.
            parts = server.uid("FETCH", number.decode(), f"(BODY.PEEK[]<0.{MOST}>)")[1]
            news += sum(take_in(part[1]) for part in parts if isinstance(part, tuple))
            server.uid("STORE", number.decode(), "+FLAGS", r"(\Seen)")
    return len(numbers), news


def _connected(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT)
    return imaplib.IMAP4(host, port or 143, timeout=_TIMEOUT)
