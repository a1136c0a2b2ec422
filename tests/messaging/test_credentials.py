"""Credentials of providers go in by the admin, are kept encrypted and never shown, and senders use them at once."""

import hmac
import json
import time
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from activity.audit import Actor
from activity.catalogue import Channel
from activity.models import AuditEntry
from config.models import User
from contacts.models import Contact
from messaging.credentials import keeping, reading
from messaging.credentials.known import KNOWN
from messaging.credentials.mail_server import read_mail_server
from messaging.credentials.reading import credential
from messaging.credentials.sealing import Unreadable, seal, unseal
from messaging.delivery import work
from messaging.models import Message, Pace, ProviderAccount
from messaging.providers.registry import _loaded, in_use, provider_of
from messaging.states import State
from tests.messaging.messages import MAIL, TEXT, launch, now_
from tests.messaging.servers import http_server, mail_server

pytestmark = pytest.mark.django_db

TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC0123456789",
    "TWILIO_AUTH_TOKEN": "secret-token-9876",
    "TWILIO_SENDER": "+15005550006",
}


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    reading.forget()
    yield
    reading.forget()


def keep(provider: str, **values: str) -> ProviderAccount:
    account = ProviderAccount.objects.filter(provider=provider).first() or ProviderAccount(provider=provider)
    keeping.keep(account=account, values=values, actor=Actor())
    reading.forget()
    return account


def test_an_admin_enters_them_and_nobody_sees_them_again(
    admin: User, signed_in: Callable[[User], Client], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    site = signed_in(admin)
    assert provider_of(Channel.SMS).name == "sandbox"
    with django_capture_on_commit_callbacks(execute=True):
        answer = site.post("/admin/messaging/provideraccount/add/", {"provider": "twilio"})
    path = answer.headers["Location"]
    assert 'type="password"' in site.get(path).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        assert site.post(path, TWILIO).status_code == 302
    assert provider_of(Channel.SMS).name == "twilio"  # at once, in this process
    with django_capture_on_commit_callbacks(execute=True):
        site.post(path, {"TWILIO_AUTH_TOKEN": " another-token-5432 ", "forget:TWILIO_SENDER": "on"})

    shown = site.get(path).content.decode() + site.get("/admin/messaging/provideraccount/").content.decode()
    assert "ends in 5432" in shown
    assert [credential(name) for name in TWILIO] == ["AC0123456789", "another-token-5432", ""]
    kept = str(list(ProviderAccount.objects.values())) + str(list(AuditEntry.objects.values()))
    for secret in ("token-9876", "token-5432", "AC0123456789", "+15005550006"):
        assert secret not in shown
        assert secret not in kept
    last = AuditEntry.objects.filter(verb="provider.credentials").latest("pk")
    assert last.details == {"provider": "twilio", "set": ["TWILIO_AUTH_TOKEN"], "removed": ["TWILIO_SENDER"]}

    with django_capture_on_commit_callbacks(execute=True):
        site.post(path.replace("change", "delete"), {"post": "yes"})
    assert provider_of(Channel.SMS).name == "sandbox"
    assert AuditEntry.objects.filter(verb="provider.removed").exists()


def test_they_are_for_admins_alone(marketer: User, signed_in: Callable[[User], Client]) -> None:
    User.objects.filter(pk=marketer.pk).update(is_staff=True)
    account = keep("twilio", **TWILIO)
    for path in ("", "add/", f"{account.pk}/change/"):
        assert signed_in(marketer).get(f"/admin/messaging/provideraccount/{path}").status_code == 403


def test_senders_use_them_and_the_environment_wins(contact: Contact, settings: Settings) -> None:
    keep("twilio", **TWILIO)
    message = launch(contact, TEXT)
    with http_server() as called:
        settings.TWILIO_API, called.status, called.body = called.url, 201, b'{"sid": "SM1", "status": "queued"}'
        work.deliver(Channel.SMS)
    assert (now_(message).state, now_(message).provider) == (State.SENT, "twilio")
    assert called.requests[0][0].startswith("/2010-04-01/Accounts/AC0123456789/")

    settings.TWILIO_AUTH_TOKEN = "of-the-environment"
    assert credential("TWILIO_AUTH_TOKEN") == "of-the-environment"
    settings.MESSAGE_PROVIDERS = settings.MESSAGE_PROVIDERS | {"sms": "messaging.providers.viber.provider.Viber"}
    assert provider_of(Channel.SMS).name == "viber"


def test_mail_goes_by_the_account_that_was_saved_last(contact: Contact, settings: Settings) -> None:
    first, second = launch(contact, MAIL), launch(contact, MAIL)
    with mail_server() as (box, port):
        keep("smtp", EMAIL_URL=f"smtp://127.0.0.1:{port}")
        assert not settings.EMAIL_URL
        work.deliver(Channel.EMAIL)
    assert (now_(first).state, len(box.mails)) == (State.DELIVERED, 2)
    assert now_(second).provider == "smtp"

    third = launch(contact, MAIL)
    with http_server() as called:
        keep("postmark", ANYMAIL_POSTMARK_SERVER_TOKEN="postmark-token", ANYMAIL_WEBHOOK_SECRET="user:password")
        settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": called.url}
        called.body = json.dumps({"ErrorCode": 0, "MessageID": "b7", "Message": "OK", "To": contact.email}).encode()
        work.deliver(Channel.EMAIL)
    assert (now_(third).provider, now_(third).provider_id) == ("postmark", "b7")
    assert called.requests[0][1]["X-Postmark-Server-Token"] == "postmark-token"
    event = {"RecordType": "Delivery", "MessageID": "b7", "Recipient": contact.email}
    for secret, status in (("dXNlcjpndWVzcw==", 403), ("dXNlcjpwYXNzd29yZA==", 204)):
        headers = {"Authorization": f"Basic {secret}"}
        answer = Client().post("/hooks/postmark/", event, content_type="application/json", headers=headers)
        assert answer.status_code == status
    assert now_(third).state == State.DELIVERED


def test_who_was_set_up_last_stays_in_use_whatever_else_changes(
    admin: User, signed_in: Callable[[User], Client]
) -> None:
    keep("postmark", ANYMAIL_POSTMARK_SERVER_TOKEN="postmark-token")
    last = keep("smtp", EMAIL_URL="smtp://127.0.0.1")
    for values in ({}, {"ANYMAIL_WEBHOOK_SECRET": "user:password"}):
        keep("postmark", **values)
        assert provider_of(Channel.EMAIL).name == "smtp"
    before = AuditEntry.objects.count()
    assert keep("smtp").updated_at == last.updated_at
    assert AuditEntry.objects.count() == before
    shown = signed_in(admin).get("/admin/messaging/provideraccount/").content.decode()
    assert (shown.count("icon-yes"), shown.count("icon-no")) == (1, 1)


def test_an_account_that_messages_wait_for_stays(
    contact: Contact, admin: User, signed_in: Callable[[User], Client]
) -> None:
    account = keep("twilio", **TWILIO)
    path = f"/admin/messaging/provideraccount/{account.pk}/"
    message = launch(contact, TEXT)
    for attempt in (("delete/", {"post": "yes"}), ("change/", {"forget:TWILIO_ACCOUNT_SID": "on"})):
        answer = signed_in(admin).post(path + attempt[0], attempt[1], follow=True)
        assert "Messages wait to go by it." in answer.content.decode()
    reading.forget()
    assert provider_of(Channel.SMS).name == "twilio"
    signed_in(admin).post(path + "change/", {"forget:TWILIO_SENDER": "on"})  # it stays theirs

    Message.objects.filter(pk=message.pk).update(state=State.CANCELLED)
    assert signed_in(admin).post(path + "delete/", {"post": "yes"}).status_code == 302
    assert not ProviderAccount.objects.exists()


def test_one_mail_account_can_go_where_another_is_there(contact: Contact) -> None:
    account = keep("smtp", EMAIL_URL="smtp://127.0.0.1")
    launch(contact, MAIL)
    with pytest.raises(keeping.Awaited):
        keeping.remove(account=account, actor=Actor())
    keep("postmark", ANYMAIL_POSTMARK_SERVER_TOKEN="postmark-token")
    keeping.remove(account=account, actor=Actor())
    assert ProviderAccount.objects.get().provider == "postmark"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mail.example.com:587", "begins by"),
        ("https://user:hunter2@mail.example.com", "begins by"),
        ("smtp://user:hunter2@", "name of the server"),
        ("smtp://user:hun#ter2@mail.example.com:587", "port"),
        ("smtp://user:hun/ter2@mail.example.com:587", "port"),
        ("smtp://user@mail.example.com/hunter2", "Nothing may stand behind"),
        ("smtp://user:hunter2@mail.example.com:99999", "65535"),
        ("smtp://[hunter2", "port"),
    ],
)
def test_a_mail_server_is_refused_with_words_and_mails_wait_all_the_same(
    contact: Contact, url: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        keep("smtp", EMAIL_URL=url)
    assert not ProviderAccount.objects.exists()

    ProviderAccount.objects.create(provider="smtp", sealed=seal({"EMAIL_URL": url}), endings={"EMAIL_URL": ""})
    reading.forget()
    message = launch(contact, MAIL)
    work.deliver(Channel.EMAIL)
    assert now_(message).state == State.QUEUED
    assert words in str(Pace.objects.values_list("words", flat=True).get(provider="smtp"))
    assert "ter2" not in f"{refused.value}{refused.value.__context__}{caplog.text}"


def test_a_mail_server_as_it_is_written() -> None:
    assert read_mail_server("smtp+tls://us%40er:p%2Fa%23ss@mail.example.com:587/") == (
        "mail.example.com", 587, "us@er", "p/a#ss", True, False,
    )  # fmt: skip
    assert read_mail_server("smtp+ssl://mail.example.com") == ("mail.example.com", 25, "", "", False, True)


def test_nobody_signs_by_the_empty_key_where_none_opens_an_account(contact: Contact, settings: Settings) -> None:
    keep("mailgun", ANYMAIL_MAILGUN_API_KEY="key", ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY="key")
    settings.CREDENTIAL_KEYS = ["lost"]
    reading.forget()
    at = str(int(time.time()))
    signature = {"timestamp": at, "token": "t", "signature": hmac.new(b"", (at + "t").encode(), "sha256").hexdigest()}
    body = {"signature": signature, "event-data": {"event": "complained"}}
    assert Client().post("/hooks/mailgun/", body, content_type="application/json").status_code == 403
    message = launch(contact, MAIL)
    work.deliver(Channel.EMAIL)
    assert (now_(message).state, provider_of(Channel.EMAIL).name) == (State.QUEUED, "mailgun")


def test_keys_follow_one_another(
    contact: Contact, settings: Settings, admin: User, signed_in: Callable[[User], Client]
) -> None:
    settings.CREDENTIAL_KEYS = ["old"]
    account = keep("twilio", **TWILIO)
    settings.CREDENTIAL_KEYS = ["new", "old"]
    call_command("credentials", "reseal")
    settings.CREDENTIAL_KEYS = ["new"]
    reading.forget()
    assert credential("TWILIO_AUTH_TOKEN") == TWILIO["TWILIO_AUTH_TOKEN"]

    settings.CREDENTIAL_KEYS = ["lost"]
    reading.forget()
    # Nothing goes to the sandbox meanwhile, as if it had been sent.
    message = launch(contact, TEXT)
    work.deliver(Channel.SMS)
    assert (credential("TWILIO_AUTH_TOKEN"), now_(message).state) == ("", State.QUEUED)
    assert provider_of(Channel.SMS).name == "twilio"
    with pytest.raises(CommandError):
        call_command("credentials", "reseal")
    path = f"/admin/messaging/provideraccount/{account.pk}/change/"
    refused = signed_in(admin).post(path, {"TWILIO_SENDER": "+1"})
    assert "enter every credential again" in refused.content.decode()
    assert signed_in(admin).post(path, TWILIO).status_code == 302
    with pytest.raises(Unreadable):
        unseal(seal({"a": "b"})[:-9] + b"AAAAAAA==")


def test_every_known_provider_is_there() -> None:
    for name, access in KNOWN.items():
        assert (_loaded(access.path).name, len(name) <= 20) == (name, True)
    assert "sandbox" in in_use()
