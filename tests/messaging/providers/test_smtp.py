"""Mail by SMTP, through a real server: what arrives, and what each of the server's answers means."""

import email
import email.policy
import time
from collections.abc import Iterator
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from pytest_django import Settings

from activity.catalogue import Channel
from messaging.content.render import Rendered
from messaging.providers.interface import Accepted, Answer, NotSent, Outgoing, Refused, Unknown
from messaging.providers.smtp.mail import mail_of
from messaging.providers.smtp.provider import Smtp
from messaging.tellings import Telling
from tests.messaging.servers import Mailbox, dripping_server, mail_server, parting_server

OUTGOING = Outgoing(
    message_id=7,
    channel=Channel.EMAIL,
    address="olena@example.com",
    name="Олена Коваль",
    rendered=Rendered(
        subject="Знижка для Олени 🎉", html="<p dir=rtl>שלום " + "x" * 2000 + "</p>", text="שלום\n.\nFrom here"
    ),
    key="rapport-7",
    sender="news@shop.example.com",
    sender_name='Shop, "the" best',
    leave_url="https://rapport.example/u/1-1.abc/",
)


@pytest.fixture
def server(settings: Settings) -> Iterator[Mailbox]:
    with mail_server() as (box, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield box


def send(*outgoing: Outgoing) -> list[Answer]:
    with Smtp().courier() as courier:
        return [courier.send(each) for each in outgoing]


def test_what_arrives_is_a_mail_with_both_parts_and_a_way_out(server: Mailbox) -> None:
    assert send(OUTGOING) == [Accepted(words="250 2.0.0 Queued as 4711")]

    mail = email.message_from_bytes(server.mails[0], policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    assert mail["Subject"] == "Знижка для Олени 🎉"
    assert str(mail["To"].addresses[0]) == "Олена Коваль <olena@example.com>"
    assert mail["From"].addresses[0].display_name == 'Shop, "the" best'
    assert mail["Message-ID"] == "<rapport-7@shop.example.com>"
    assert mail["List-Unsubscribe"] == "<https://rapport.example/u/1-1.abc/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == "שלום\n.\nFrom here"
    assert html.get_content().strip() == OUTGOING.rendered.html
    assert max(map(len, server.mails[0].splitlines())) <= 998
    assert server.mails[0].isascii()


def test_a_connection_takes_many_mails_and_is_made_anew_where_it_has_ended(server: Mailbox) -> None:
    server.says["RCPT"] = "550 5.1.1 No such user"
    with Smtp().courier() as courier:
        courier.send(OUTGOING)
        server.says = {}
        assert all(isinstance(courier.send(OUTGOING), Accepted) for _each in range(3))
        courier._backend.connection.sock.shutdown(2)  # type: ignore[attr-defined]
        assert isinstance(courier.send(OUTGOING), Accepted)
    assert len(server.mails) == 4
    assert server.connections == 2


@pytest.mark.parametrize(
    ("verb", "said", "answer"),
    [
        ("MAIL", "451 4.3.0 Later", Refused(False, "451 4.3.0 Later")),
        ("MAIL", "550 5.1.1 Sender unknown", Refused(True, "550 5.1.1 Sender unknown", Telling.REJECTED)),
        ("RCPT", "550 5.1.0 Sender rejected", Refused(True, "550 5.1.0 Sender rejected", Telling.REJECTED)),
        ("RCPT", "452 4.2.2 Full", Refused(False, "452 4.2.2 Full")),
        ("RCPT", "550 5.1.1 No such user", Refused(True, "550 5.1.1 No such user", Telling.HARD)),
        ("RCPT", "550 5.7.1 We do not like you", Refused(True, "550 5.7.1 We do not like you", Telling.REJECTED)),
        ("DATA", "554 5.6.0 Spam", Refused(True, "554 5.6.0 Spam", Telling.REJECTED)),
        ("DATA", "drop", Unknown("Connection unexpectedly closed")),
    ],
)
@pytest.mark.parametrize("pipelining", [False, True])
def test_answers_of_servers(server: Mailbox, verb: str, said: str, answer: Answer, pipelining: bool) -> None:
    server.says[verb], server.pipelining = said, pipelining

    with Smtp().courier() as courier:
        assert courier.send(OUTGOING) == answer
        server.says = {}
        assert isinstance(courier.send(OUTGOING), Accepted), "the connection is fit for the next one"
    assert len(server.mails) == 1 + (said == "drop")


@pytest.mark.parametrize("said", ["drop", "421 4.3.2 Going away"])
def test_a_server_that_hangs_up_behind_a_refusal_has_refused(server: Mailbox, said: str) -> None:
    server.says = {"RCPT": "550 5.1.1 No such user", "RSET": said}

    with Smtp().courier() as courier:
        assert courier.send(OUTGOING) == Refused(True, "550 5.1.1 No such user", Telling.HARD)
        server.says = {}
        assert isinstance(courier.send(OUTGOING), Accepted)
    assert len(server.mails) == 1


HARD = Refused(True, "521 5.1.1 Nobody here", Telling.HARD)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("250 ok\r\n521 5.1.1 Nobody here\r\n", HARD),
        ("250 ok\r\n521 5.1.1 Nobody here\r\n354 go on\r\n", HARD),
        ("250 ok\r\n521 5.1.1 Nobody here\r\n503 No recipients\r\n", HARD),
        ("550 5.7.1 Not you\r\n", Refused(True, "550 5.7.1 Not you", Telling.REJECTED)),
        ("421 4.3.2 Going away\r\n", NotSent("421 4.3.2 Going away")),
        ("250 ok\r\n", NotSent("Connection unexpectedly closed")),
        ("250 ok\r\n250 ok\r\n", NotSent("Connection unexpectedly closed")),
        ("250 ok\r\n250 ok\r\n250 what?\r\n", Refused(False, "250 what?")),
        ("250 ok\r\n250 ok\r\n354 go on\r\n", Unknown("Connection unexpectedly closed")),
        ("250 ok\r\n252 may be\r\n354 go on\r\n250 taken\r\n", Accepted(words="250 taken")),
    ],
)
def test_a_server_that_hangs_up_among_commands_sent_at_once_is_believed_so_far(
    settings: Settings, said: str, answer: Answer
) -> None:
    with parting_server(b"220 s\r\n250-s\r\n250 PIPELINING\r\n" + said.encode()) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        assert send(OUTGOING) == [answer]


@pytest.mark.parametrize(
    ("greeting", "answer"),
    [
        (b"", NotSent),
        (b"220 s\r\n250-s\r\n250 PIPELINING\r\n250 ok\r\n250 ok\r\n354 go on\r\n", Unknown),
    ],
)
def test_a_call_ends_before_its_lease_however_slowly_the_server_speaks(
    settings: Settings, greeting: bytes, answer: type[Answer]
) -> None:
    settings.DELIVERY_LEASE_SECONDS = 0.6
    with dripping_server(greeting) as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        began = time.monotonic()
        (found,) = send(OUTGOING)

    assert isinstance(found, answer)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("host", ["127.0.0.1", "mail..example.com"])
def test_a_server_that_is_not_there_has_got_nothing(settings: Settings, host: str) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, 1

    (answer,) = send(OUTGOING)

    assert isinstance(answer, NotSent)


ODD = ["Hello", "=?utf-8?q?x?=", "Long " * 40, "Ціна 💛 " * 30, 'a "b" \\ c', "שלום"]


@pytest.mark.parametrize("words", ODD)
def test_odd_words_arrive_as_they_are(words: str) -> None:
    rendered = Rendered(subject=words.strip(), text=f"{words}\n.\n" + "y" * 2000)
    outgoing = replace(OUTGOING, name=words.strip()[:60], sender_name="", rendered=rendered)

    mail = email.message_from_bytes(mail_of(outgoing), policy=email.policy.default)

    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    assert mail["Subject"] == words.strip()
    # The newer parser puts spaces between the encoded words of a name, which RFC 2047 (6.2) has it leave out.
    name, _address = parseaddr(str(email.message_from_bytes(mail_of(outgoing))["To"]).replace("\r\n", ""))
    assert str(make_header(decode_header(name))) == words.strip()[:60].strip()
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == rendered.text


@pytest.mark.parametrize("subject", ["Hello\r\nBcc: all@example.com", "Hello\0"])
def test_no_header_holds_more_than_itself(subject: str) -> None:
    outgoing = replace(OUTGOING, rendered=replace(OUTGOING.rendered, subject=subject))

    with pytest.raises(ValueError, match="head"):
        mail_of(outgoing)
