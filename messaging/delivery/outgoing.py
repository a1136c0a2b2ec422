"""Makes of a claimed message what a provider is given: the content for this contact, as the contact is now."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings

from activity.catalogue import Channel
from messaging.content.content import Content
from messaging.content.render import Rendered, render
from messaging.models import Message, RenderedContent
from messaging.providers.interface import Outgoing, Provider
from messaging.tracking.rewriting import links_in, tracked
from subscriptions.links import Link


def prepare(message: Message, values: Mapping[str, object]) -> None:
    """Makes the content of a message that has none yet, and keeps it. A resend comes with that of the first.

    Raises `messaging.content.content.ContentRefused`.
    """
    if message.rendered is None and message.written is not None:
        content = replace(Content.from_json(message.written.body), values=message.values)
        message.rendered = keep(message.contact_id, render(content, values))


def outgoing(message: Message, provider: Provider) -> Outgoing:
    """What the provider is given; the address is that of the gate."""
    if message.rendered is None:
        raise ValueError(message)
    rendered, list_ = Rendered.from_json(message.rendered.body), message.contact.contact_list
    return Outgoing(
        message_id=message.pk,
        channel=Channel(message.channel),
        address=message.address,
        name=f"{message.contact.first_name} {message.contact.last_name}".strip(),
        rendered=tracked(rendered, message.rendered.links, message.pk) if provider.OWN_TRACKING else rendered,
        key=f"rapport-{message.pk}",
        sender=list_.company_email or settings.DEFAULT_FROM_EMAIL,
        sender_name=list_.company_name,
        leave_url=Link(message.contact_id, Channel(message.channel)).url,
    )


def keep(contact_id: int, rendered: Rendered) -> RenderedContent:
    """The row of a content for a contact, the same one for the same content."""
    body = rendered.to_json()
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).digest()
    fresh = RenderedContent(contact_id=contact_id, digest=digest, body=body, links=links_in(rendered.html))
    made = RenderedContent.objects.bulk_create(
        [fresh], update_conflicts=True, unique_fields=["contact", "digest"], update_fields=["digest"]
    )
    return made[0]
