"""What the profile tells of a contact's browsers."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F

from contacts.models import Contact
from messaging.models import PushSubscription
from messaging.providers.webpush.links import join_url

_MOST = 10


@dataclass(frozen=True)
class Browsers:
    """Those that are there, then those that have gone, the last first; and the link to join by, made a moment ago."""

    rows: list[PushSubscription]
    link: str


def browsers_of(contact: Contact) -> Browsers | None:
    """None where there are no keys for pushes."""
    if not settings.WEBPUSH_PRIVATE_KEY:
        return None
    rows = PushSubscription.objects.filter(contact=contact).order_by(F("expired_at").desc(nulls_first=True), "-pk")
    return Browsers(list(rows[:_MOST]), join_url(contact.pk))
