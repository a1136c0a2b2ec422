"""The page on which a person joins with the browser that it is opened in."""

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now

from messaging.providers.webpush.tokens import Joining


def join_token(contact_id: int) -> str:
    """For this contact alone, as of now; for pages that embed the snippet."""
    return Joining(contact_id, now()).token


def join_url(contact_id: int) -> str:
    """The same as a link; "" where there are no keys for pushes."""
    if not settings.WEBPUSH_PRIVATE_KEY:
        return ""
    return f"{settings.SITE_URL}{reverse('push:page', args=[join_token(contact_id)])}"
