"""What tests of messages have in common."""

from typing import Any

from activity.audit import Actor
from activity.catalogue import Channel, Origin
from activity.models import Event
from contacts.models import Contact
from messaging.content.content import Content, Format
from messaging.models import Message
from messaging.sending import send

MAIL = Content(Channel.EMAIL, subject="Hello {{ firstName }}", body="<p>Hello {{ firstName }}</p>", format=Format.HTML)
TEXT = Content(Channel.SMS, body="Hello {{ firstName }}")


def launch(contact: Contact, content: Content = MAIL, **more: Any) -> Message:
    wanted: dict[str, Any] = {"origin": Origin.CAMPAIGN, "actor": Actor()} | more
    return send(contact_id=contact.pk, channel=content.channel, content=content, **wanted)


def statuses(message: Message) -> list[str]:
    """What the feed tells of it, in the order of its happening."""
    events = Event.objects.filter(message_id=message.pk).order_by("occurred_at", "id")
    return [each.kind.status.slug for each in events]


def now_(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)
