"""Mail by email service providers and other backends of Django's: what is asked, and what is answered and told."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from anymail.webhooks.mandrill import MandrillTrackingWebhookView
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.test import Client, RequestFactory
from pytest_django import Settings
from structlog.testing import capture_logs

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.content.render import Rendered
from messaging.models import Message, Receipt
from messaging.providers.backend.provider import DjangoMail
from messaging.providers.esp import hook, names, provider
from messaging.providers.esp.provider import Esp
from messaging.providers.interface import Accepted, Answer, NotSent, Outgoing, Provider, Refused, Unknown
from messaging.states import State
from messaging.tellings import Telling
from messaging.tracking.tokens import token_of
from messaging.webhooks.interface import Forged
from subscriptions.models import BlacklistEntry
from subscriptions.policy import Closed
from tests.messaging.messages import launch, now_, statuses
from tests.messaging.servers import Called, http_server
from tests.subscriptions.consent import closed

OUTGOING = Outgoing(
    message_id=7,
    channel=Channel.EMAIL,
    address="olena@example.com",
    name="Коваль, Олена",
    rendered=Rendered(subject="Знижка 🎉", html="<p>Hello</p>", text="Hello"),
    key="rapport-7",
    sender="news@shop.example.com",
    sender_name="Shop",
    leave_url="https://rapport.example/u/1-1.abc/",
)


def send(by: Provider, outgoing: Outgoing = OUTGOING) -> Answer:
    with by.courier() as courier:
        return courier.send(outgoing)


@pytest.fixture
def api(settings: Settings) -> Iterator[Called]:
    """Postmark's."""
    with http_server() as called:
        settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_SERVER_TOKEN": "token", "POSTMARK_API_URL": called.url}
        yield called


def test_the_request_is_the_providers(api: Called) -> None:
    api.body = json.dumps(
        {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": "olena@example.com"}
    ).encode()

    assert send(Esp("postmark")) == Accepted("b7bc2f4a", "sent")

    ((path, headers, body),) = api.requests
    asked = json.loads(body)
    assert (path, headers["X-Postmark-Server-Token"]) == ("/email", "token")
    assert (asked["Subject"], asked["TextBody"], asked["HtmlBody"]) == ("Знижка 🎉", "Hello", "<p>Hello</p>")
    assert asked["From"] == "Shop <news@shop.example.com>"
    assert "olena@example.com" in asked["To"]
    assert asked["Metadata"] == {"rapport": token_of(7)}
    assert (asked["TrackOpens"], asked["TrackLinks"]) == (True, "HtmlAndText")
    assert {each["Name"]: each["Value"] for each in asked["Headers"]} == {
        "List-Unsubscribe": "<https://rapport.example/u/1-1.abc/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (422, {"ErrorCode": 406, "Message": "Inactive recipient"}, Refused(True, ""), "Inactive"),
        (422, {"ErrorCode": 300, "Message": "Invalid email request"}, Refused(True, ""), "Invalid email"),
        (401, {"ErrorCode": 10, "Message": "Bad token"}, NotSent(""), "Bad token"),
        *((status, {}, Refused(False, "", wait=7), str(status)) for status in (408, 420, 425, 429)),
        (503, {}, Unknown(""), "503"),
        (200, None, Unknown(""), "200"),
    ],
)
def test_answers(api: Called, status: int, body: dict[str, object] | None, kind: Answer, said: str) -> None:
    api.status, api.headers = status, {"Retry-After": "7"}
    api.body = b"<html>" if body is None else json.dumps(body).encode()

    answer = send(Esp("postmark"))

    assert said in answer.words
    assert replace(answer, words="") == kind


def test_what_was_not_answered_may_have_been_sent_and_what_was_not_reached_was_not(
    api: Called, settings: Settings
) -> None:
    api.drops = True
    assert isinstance(send(Esp("postmark")), Unknown)
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": "http://127.0.0.1:1"}
    assert isinstance(send(Esp("postmark")), NotSent)
    del settings.ANYMAIL["POSTMARK_SERVER_TOKEN"]
    assert "POSTMARK_SERVER_TOKEN" in send(Esp("postmark")).words
    odd = replace(OUTGOING, rendered=Rendered(subject="Hello\nBcc: all@example.com", text="x"))
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_SERVER_TOKEN": "token"}
    assert isinstance(send(Esp("postmark"), odd), Refused)


def test_any_backend_of_djangos_sends(settings: Settings) -> None:
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert send(DjangoMail()) == Accepted()

    (sent,) = mail.outbox
    assert sent.message()["Message-ID"] == "<rapport-7@shop.example.com>"
    assert sent.message().get_content_type() == "multipart/alternative"
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert isinstance(send(DjangoMail()), NotSent)
    settings.EMAIL_HOST = "mail..example.com"
    assert isinstance(send(DjangoMail()), NotSent)
    settings.MAIL_BACKEND = "no.backend.of.that.Name"
    with DjangoMail().courier() as courier:
        assert isinstance(courier.open(), NotSent)


KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def mailgun(event: dict[str, Any], *, key: str = "key", token: str = "t1", age: int = 0) -> Any:
    at = str(int(time.time()) - age)
    signature = hmac.new(key.encode(), (at + token).encode(), hashlib.sha256).hexdigest()
    body = {"signature": {"timestamp": at, "token": token, "signature": signature}, "event-data": event}
    return Client().post("/hooks/mailgun/", body, content_type="application/json").status_code


def sendgrid(*events: dict[str, Any], key: ec.EllipticCurvePrivateKey = KEY) -> Any:
    body = json.dumps(events).encode()
    signature = base64.b64encode(key.sign(b"1767225600" + body, ec.ECDSA(hashes.SHA256()))).decode()
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": "1767225600",
    }
    return Client().post("/hooks/sendgrid/", body, content_type="application/json", headers=headers).status_code


def postmark(event: dict[str, Any], *, secret: str = "user:password") -> Any:
    headers = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    return Client().post("/hooks/postmark/", event, content_type="application/json", headers=headers).status_code


@pytest.mark.parametrize(
    ("name", "said", "telling"),
    [
        ("brevo", {"event": "soft_bounce"}, Telling.SOFT),
        ("brevo", {"event": "hard_bounce"}, Telling.HARD),
        ("brevo", {"event": "invalid_email"}, Telling.HARD),
        ("mailjet", [{"event": "bounce", "hard_bounce": False, "error": "user unknown"}], Telling.SOFT),
        ("mailjet", [{"event": "bounce", "hard_bounce": True, "error": "user unknown"}], Telling.HARD),
        ("mailjet", [{"event": "bounce", "hard_bounce": True, "error": "content blocked"}], Telling.REJECTED),
        *(
            ("sparkpost", [{"msys": {"message_event": {"type": "bounce", "bounce_class": number}}}], telling)
            for telling, numbers in (
                (Telling.SOFT, ("20", "21", "22", "23", "40", "70")),
                (Telling.HARD, ("10", "30")),
                (Telling.GIVEN_UP, ("24",)),
                (Telling.REJECTED, ("1", "50")),
            )
            for number in numbers
        ),
        ("mailersend", {"data": {"type": "soft_bounced", "morph": {"object": "recipient_bounce"}}}, Telling.SOFT),
        ("mailersend", {"data": {"type": "hard_bounced", "morph": {"object": "recipient_bounce"}}}, Telling.HARD),
        *(
            (
                "resend",
                {"type": "email.bounced", "data": {"bounce": {"type": kind, "message": f"{words} message"}}},
                telling,
            )
            for kind, words, telling in (
                ("Transient", "sent a general bounce", Telling.SOFT),
                ("Permanent", "sent a hard bounce", Telling.HARD),
                ("Permanent", "suppressed sending this", Telling.REJECTED),
            )
        ),
    ],
)
def test_a_bounce_is_as_hard_as_the_provider_says(
    name: str, said: object, telling: Telling, settings: Settings
) -> None:
    settings.ANYMAIL = settings.ANYMAIL | {"WEBHOOK_SECRET": "user:password", "MAILERSEND_SIGNING_SECRET": "key"}
    body = json.dumps(said).encode()
    headers = {
        "Authorization": "Basic " + base64.b64encode(b"user:password").decode(),
        "Signature": hmac.new(b"key", body, hashlib.sha256).hexdigest(),
    }
    request = RequestFactory().post("/hooks/", body, content_type="application/json", headers=headers)

    assert [told.telling for told in hook.read(name, request)] == [telling]


def test_signatures_that_want_another_package_are_refused_with_a_warning(settings: Settings) -> None:
    settings.ANYMAIL = settings.ANYMAIL | {"RESEND_SIGNING_SECRET": "whsec_a2V5"}
    with capture_logs() as logs, pytest.raises(Forged):
        hook.read("resend", RequestFactory().post("/hooks/", b"{}", content_type="application/json"))
    assert [(each["event"], "svix" in each["error"]) for each in logs] == [("webhook_not_installed", True)]


def test_mandrills_bounces_are_as_hard_as_it_says() -> None:
    kinds = ("hard_bounce", "soft_bounce", "send")
    view = MandrillTrackingWebhookView(webhook_key="key")
    assert [hook._telling(view.esp_to_anymail_event({"event": kind})) for kind in kinds] == [
        Telling.HARD,
        Telling.SOFT,
        Telling.SENT,
    ]


@pytest.mark.django_db
class TestWebhooks:
    """Bodies as the providers' documents have them, shortened."""

    @pytest.fixture(autouse=True)
    def _keys(self, settings: Settings) -> None:
        settings.ANYMAIL = settings.ANYMAIL | {
            "MAILGUN_WEBHOOK_SIGNING_KEY": "key",
            "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": base64.b64encode(PUBLIC).decode(),
        }

    @staticmethod
    def sent_by(name: str, contact: Contact, provider_id: str) -> Message:
        message = launch(contact)
        Message.objects.filter(pk=message.pk).update(
            state=State.SENT, provider=name, provider_id=provider_id, address=contact.email
        )
        return message

    def test_of_mailgun_in_any_order_once(self, contact: Contact) -> None:
        message = self.sent_by("mailgun", contact, "<1@mg.example.com>")
        about = {"timestamp": time.time(), "message": {"headers": {"message-id": "1@mg.example.com"}}}
        click = about | {
            "event": "clicked",
            "url": "https://shop.example.com/",
            "client-info": {"user-agent": "Mozilla"},
        }
        opened = about | {"event": "opened", "client-info": {"user-agent": "GoogleImageProxy", "bot": "gmail"}}

        assert [mailgun(click, token="a"), mailgun(opened, token="b"), mailgun(click, token="a")] == [204] * 3
        assert mailgun(about | {"event": "delivered"}, token="c") == 204
        assert mailgun(about | {"event": "failed", "severity": "temporary", "reason": "generic"}, token="d") == 204
        # The signature is good, and was seen before: with whatever content.
        assert mailgun(about | {"event": "complained"}, token="a") == 204

        assert now_(message).state == State.DELIVERED
        assert sorted(statuses(message)) == ["click", "delivered", "open", "soft"]
        assert Receipt.objects.get(telling=Telling.OPENED).details["machine"]
        assert Receipt.objects.get(telling=Telling.CLICKED).details["url"] == "https://shop.example.com/"
        assert closed(contact, Channel.EMAIL) == []

    def test_of_sendgrid_find_the_message_by_our_own_number_and_blacklist(self, contact: Contact) -> None:
        message = self.sent_by("sendgrid", contact, "")
        about = {"email": contact.email, "timestamp": 1767225600, "rapport": token_of(message.pk)}
        blocked = about | {"event": "bounce", "type": "blocked", "reason": "550 blocked", "sg_event_id": "e1"}
        bounced = about | {"event": "bounce", "type": "bounce", "reason": "550 5.1.1 unknown", "sg_event_id": "e2"}

        assert sendgrid(blocked) == 204
        assert closed(contact, Channel.EMAIL) == []
        assert [sendgrid(bounced, blocked), sendgrid(bounced, blocked)] == [204, 204]

        assert (now_(message).state, sorted(statuses(message))) == (State.HARD, ["hard", "reject"])
        assert BlacklistEntry.objects.get().address == contact.email

    def test_of_postmark_end_the_channel(self, contact: Contact, settings: Settings) -> None:
        message = self.sent_by("postmark", contact, "b7bc2f4a")
        soft = {"RecordType": "Bounce", "Type": "SoftBounce", "ID": 42, "MessageID": "b7bc2f4a", "Email": contact.email}
        left = {
            "RecordType": "SubscriptionChange", "MessageID": "b7bc2f4a", "Recipient": contact.email,
            "SuppressSending": True, "SuppressionReason": "ManualSuppression", "ChangedAt": "2026-01-01T00:00:00Z",
        }  # fmt: skip
        assert postmark(soft) == 403  # nothing is set that it could be verified by
        settings.ANYMAIL = settings.ANYMAIL | {"WEBHOOK_SECRET": "user:password"}

        assert [postmark(soft), postmark(left), postmark(left)] == [204] * 3

        assert (now_(message).state, Receipt.objects.count()) == (State.DELIVERED, 2)
        assert closed(contact, Channel.EMAIL) == [Closed.UNSUBSCRIBED]

    def test_that_are_forged_stale_or_unreadable_change_nothing(self, contact: Contact, settings: Settings) -> None:
        message = self.sent_by("mailgun", contact, "<1@mg.example.com>")
        settings.ANYMAIL = settings.ANYMAIL | {"WEBHOOK_SECRET": ""}
        about = {"event": "complained", "message": {"headers": {"message-id": "1@mg.example.com"}}}

        assert mailgun(about, key="guess") == 403
        assert mailgun(about, age=100_000) == 403
        assert sendgrid({"event": "bounce"}, key=ec.generate_private_key(ec.SECP256R1())) == 403
        assert Client().post("/hooks/mailgun/", b"{", content_type="application/json").status_code == 403
        assert mailgun({"no": "event"}) == 400
        assert Client().post("/hooks/nobody/").status_code == 404
        # One that comes from elsewhere under a number of ours.
        assert mailgun(about | {"user-variables": {"rapport": f"{message.pk}.guess"}, "message": {}}, token="z") == 204

        assert (now_(message).state, statuses(message)) == (State.SENT, [])
        assert closed(contact, Channel.EMAIL) == []


def test_every_provider_of_anymails_has_a_name() -> None:
    assert all(len(name) <= 20 for name in names.LABELS)
    assert provider.OURS
