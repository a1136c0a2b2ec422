"""Bounces that come as mails: by every door, once, and only to return paths that we have made."""

import io
import mailbox
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import Settings

from activity.catalogue import Channel
from contacts.models import Contact
from messaging import tasks
from messaging.delivery import work
from messaging.models import Receipt
from messaging.providers.smtp import hook, mailboxes, verp
from messaging.providers.smtp.hook import told_by
from messaging.states import State
from messaging.tellings import Telling
from subscriptions.models import BlacklistEntry
from tests.messaging.messages import launch, now_, statuses
from tests.messaging.servers import mail_server

# As Postfix writes it (RFC 3464, appendix).
REPORT = """\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Thu,  1 Jan 2026 00:00:00 +0000 (UTC)

Final-Recipient: rfc822; {final}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; {said}

--b1
Content-Type: message/rfc822

Subject: Hello Olena

Hello
--b1--
"""


def report(
    to: str,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 no such user",
    final: str = "olena@example.com",
) -> bytes:
    return REPORT.format(to=to, action=action, status=status, said=said, final=final).encode()


def nested(to: str) -> bytes:
    """A thousand parts within one another."""
    parts = (f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(1_000))
    return f"To: {to}\nMIME-Version: 1.0\n{''.join(parts)}".encode()


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.BOUNCE_ADDRESS, settings.BOUNCES_SECRET = "Bounces@example.com", "secret"


@pytest.fixture
def _olenas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "_is_of", lambda _message, report: "olena@" in report["Final-Recipient"])


@pytest.mark.usefixtures("_olenas")
@pytest.mark.parametrize(
    ("action", "status", "telling"),
    [
        ("failed", "5.1.1", Telling.HARD),
        ("failed", "5.2.2 (mailbox full)", Telling.GIVEN_UP),
        ("failed", "4.4.7", Telling.GIVEN_UP),
        ("failed", "5.7.1", Telling.REJECTED),
        ("failed", "", Telling.REJECTED),
        ("Delayed", "4.2.2", Telling.SOFT),
        ("delivered", "2.0.0", None),
        ("", "", None),
    ],
)
def test_what_reports_mean(action: str, status: str, telling: Telling | None) -> None:
    told = told_by(report(verp.return_path(7).upper(), action, status))

    assert [each.telling for each in told] == ([telling] if telling else [])
    assert [(each.message_id, each.words) for each in told] == ([(7, "550 5.1.1 no such user")] if telling else [])


ODD = [
    b"", b"\0\xff" * 100, b"Delivered-To: x\n\nHello", report("olena@example.com"),
    report("bounces+7-0123456789abcdef0123@example.com"), report("bounces+7@example.com"),
]  # fmt: skip


@pytest.mark.usefixtures("_olenas")
def test_what_nobody_has_signed_and_what_is_no_report_says_nothing(settings: Settings) -> None:
    path = verp.return_path(7)
    others = [
        report(path.replace("+7-", "+8-")), report("x" + path), report(path + ".example.org"),
        f"To: {path}\nSubject: I am on holiday\n\nStatus: 5.1.1\nAction: failed\n".encode(),
    ]  # fmt: skip
    assert [told_by(each) for each in (*ODD, *others)] == [[]] * (len(ODD) + len(others))
    assert len(told_by(ODD[3], recipient=path)) == 1  # of a pipe whose mails do not say whom they came for
    assert len(path.partition("@")[0]) <= 64
    assert verp.return_path(0) == ""
    settings.BOUNCE_ADDRESS = ""
    assert (verp.return_path(7), told_by(report(path))) == ("", [])


@pytest.fixture(params=[False, True], ids=["one by one", "pipelined"])
def sent(contact: Contact, settings: Settings, request: pytest.FixtureRequest) -> SimpleNamespace:
    """A message that a server took, and the return path that it was given with it."""
    settings.MESSAGE_PROVIDERS = settings.MESSAGE_PROVIDERS | {"email": "messaging.providers.smtp.provider.Smtp"}
    with mail_server() as (box, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT, box.pipelining = "127.0.0.1", port, request.param
        message = launch(contact)
        work.deliver(Channel.EMAIL)
    assert now_(message).state == State.DELIVERED
    return SimpleNamespace(message=message, path=box.senders[0])


@contextmanager
def imap_server(mail: bytes) -> Iterator[tuple[str, list[str]]]:
    """Has one unseen mail; its address, and the commands that it was given."""
    commands: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = listening.accept()
        with connection, connection.makefile("rwb", buffering=0) as stream:
            stream.write(b"* OK IMAP4rev1 ready\r\n")
            while line := stream.readline().decode():
                tag, command = line.strip().split(" ", 1)
                commands.append(command)
                fetched = b"* 1 FETCH (UID 5 BODY[]<0> {%d}\r\n%b)\r\n" % (len(mail), mail)
                said = {
                    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
                    "SELECT INBOX": b"* 1 EXISTS\r\n",
                    "UID SEARCH UNSEEN": b"* SEARCH 5\r\n",
                    "LOGOUT": b"* BYE\r\n",
                    "UID FETCH 5 (BODY.PEEK[]<0.524288>)": fetched,
                }
                stream.write(said.get(command, b"") + f"{tag} OK done\r\n".encode())
                if command == "LOGOUT":
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listening:
        yield f"imap://us%40er:pass@127.0.0.1:{listening.getsockname()[1]}/INBOX", commands
        thread.join(5)


@pytest.mark.django_db
class TestDoors:
    def test_of_a_maildir_a_pipe_a_mailbox_and_a_webhook_lead_to_one_bounce(
        self,
        sent: SimpleNamespace,
        contact: Contact,
        tmp_path: Path,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        assert sent.path == verp.return_path(sent.message.pk)
        mail = report(sent.path, final=f"<{str(contact.email).upper()}>")
        folder = mailbox.Maildir(tmp_path / "mails")
        folder.add(nested(sent.path))
        folder.add(mail)

        for _twice in range(2):
            call_command("bounces", maildir=tmp_path / "mails")
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(mail)))
        call_command("bounces")
        with imap_server(mail) as (url, commands):
            settings.BOUNCES_IMAP_URL = url
            tasks.fetch_bounces()
        answer = Client().post(
            "/hooks/smtp/", mail, content_type="message/rfc822", headers={"Authorization": "Bearer secret"}
        )

        assert answer.status_code == 204
        assert [line[0] for line in capsys.readouterr().out.splitlines()] == ["2", "0", "1"]
        assert commands[-2:] == [r"UID STORE 5 +FLAGS (\Seen)", "LOGOUT"]
        assert Receipt.objects.get().raw["Final-Recipient"].startswith("rfc822; <PERSON")
        bounced = now_(sent.message)
        assert (bounced.state, bounced.words) == (State.HARD, "550 5.1.1 no such user")
        assert statuses(sent.message) == ["delivered", "hard"]
        assert BlacklistEntry.objects.get().address == contact.email

    def test_what_cannot_be_read_stands_in_the_way_of_nothing(self, sent: SimpleNamespace) -> None:
        with pytest.raises(RecursionError):
            told_by(nested(sent.path))
        assert mailboxes.take_in(nested(sent.path)) == 0
        assert told_by(nested("olena@example.com")) == []  # not even looked at

    def test_of_where_somebody_has_mails_passed_on_to_blacklists_nobody(self, sent: SimpleNamespace) -> None:
        assert mailboxes.take_in(report(sent.path, final="olena@elsewhere.example")) == 1
        assert (now_(sent.message).state, BlacklistEntry.objects.count()) == (State.REJECTED, 0)

    def test_what_is_for_now_blacklists_nobody_and_what_is_forged_changes_nothing(self, sent: SimpleNamespace) -> None:
        def post(mail: bytes, secret: str = "secret") -> int:
            headers = {"Authorization": f"Bearer {secret}"}
            return Client().post("/hooks/smtp/", mail, content_type="message/rfc822", headers=headers).status_code

        other = sent.path.replace(f"+{sent.message.pk}-", f"+{sent.message.pk + 1}-")
        assert [post(report(sent.path), "guess"), post(report(sent.path), ""), post(report(other))] == [403, 403, 204]
        assert (now_(sent.message).state, Receipt.objects.count()) == (State.DELIVERED, 0)

        assert post(report(sent.path, "delayed", "4.2.2", "452 full")) == 204
        assert now_(sent.message).state == State.DELIVERED
        assert post(report(sent.path, "failed", "4.4.7", "452 full")) == 204
        assert (now_(sent.message).state, statuses(sent.message)[1:]) == (State.EXPIRED, ["soft", "soft"])
        assert not BlacklistEntry.objects.exists()

    def test_the_command_says_what_is_missing(self, settings: Settings, tmp_path: Path) -> None:
        for options in ({"maildir": tmp_path}, {"imap": True}):
            with pytest.raises(CommandError):
                call_command("bounces", **options)
        settings.BOUNCE_ADDRESS = ""
        with pytest.raises(CommandError, match="BOUNCE_ADDRESS"):
            call_command("bounces")
