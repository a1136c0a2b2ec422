"""Credentials of providers go in by the admin, are kept encrypted and never shown, and senders use them at once."""

import json
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
from messaging.credentials.reading import credential
from messaging.credentials.sealing import Unreadable, seal, unseal
from messaging.delivery import work
from messaging.models import ProviderAccount
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
