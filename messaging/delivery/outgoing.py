"""Makes of a claimed message what a provider is given: the content for this contact, as the contact is now."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from json import dumps

import structlog
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from activity.catalogue import Channel
from messaging.content.content import ContentRefused
from messaging.content.render import Rendered, render
from messaging.content.values import values_of_each
from messaging.models import Message, RenderedContent
from messaging.providers.interface import Outgoing, Provider
from messaging.templating import refuse_unapproved
from messaging.tracking.rewriting import links_of, tracked
from subscriptions.facts import ADDRESSES
from subscriptions.links import Link
from subscriptions.models import Subscription

log = structlog.get_logger(__name__)


def prepare(channel: Channel, batch: Sequence[Message]) -> tuple[list[Message], list[tuple[Message, ContentRefused]]]:
    """Makes the contents of a claim and keeps them; returns those that have one, and why the others have none.

    A resend comes with the content of the first.
    """
    made: dict[int, Rendered] = {}
    refusals: list[tuple[Message, ContentRefused]] = []
    values_of_all = values_of_each((message.contact for message in batch), channel)
    for message, values in zip(batch, values_of_all, strict=True):
        try:
            if rendered := _rendered(message, values):
                made[message.pk] = rendered
        except ContentRefused as refusal:
            refusals.append((message, refusal))
    kept = keep_many({(message.contact_id, made[message.pk]) for message in batch if message.pk in made})
    for message in batch:
        if message.pk in made:
            message.rendered = kept[message.contact_id, made[message.pk]]
    refused = {message.pk for message, _refusal in refusals}
    return [each for each in batch if each.rendered is not None and each.pk not in refused], refusals


def _rendered(message: Message, values: Mapping[str, object]) -> Rendered | None:
    """What is to be made of a message; None where that has been done, as of a resend.

    One that cannot be made, for whatever reason, must not keep the others from being sent.
    """
    try:
        content = message.content
        if content is None:
            return None
        refuse_unapproved(content)  # it may have been rejected since what was made of it
        if message.rendered is not None:
            return None
        rendered = render(content, values, message.contact.zone)
    except ContentRefused:
        raise
    except Exception as error:
        log.exception("message_not_rendered", message=message.pk)
        raise _our_fault() from error
    if any("\0" in part for part in rendered.to_json().values()):
        raise ContentRefused(_("There is a null character in it."))
    return rendered


def _our_fault() -> ContentRefused:
    return ContentRefused(_("The content could not be made: something is wrong on our side."))


def outgoing(message: Message, provider: Provider) -> Outgoing:
    """What the provider is given, at the address that the contact had when it was claimed. Raises `ContentRefused`."""
    try:
        return _outgoing(message, provider)
    except Exception as error:
        log.exception("message_not_made", message=message.pk)
        raise _our_fault() from error


def _outgoing(message: Message, provider: Provider) -> Outgoing:
    if message.rendered is None:
        raise ValueError(message)
    rendered, list_ = Rendered.from_json(message.rendered.body), message.contact.contact_list
    return Outgoing(
        message_id=message.pk,
        channel=Channel(message.channel),
        address=address_of(message),
        name=f"{message.contact.first_name} {message.contact.last_name}".strip(),
        rendered=tracked(rendered, message.rendered.links, message.pk) if provider.OWN_TRACKING else rendered,
        key=f"rapport-{message.pk}",
        sender=list_.company_email or settings.DEFAULT_FROM_EMAIL,
        sender_name=list_.company_name,
        account=account_of(message) if provider.NEEDS_ACCOUNT else "",
        leave_url=Link(message.contact_id, Channel(message.channel)).url,
    )


def address_of(message: Message) -> str:
    """Where the contact can be reached now on the message's channel; "" for nowhere."""
    channel = Channel(message.channel)
    if channel in ADDRESSES:
        return getattr(message.contact, ADDRESSES[channel]) or ""
    return account_of(message)


def account_of(message: Message) -> str:
    """What the channel itself calls the contact; "" where it has told nothing."""
    own = Subscription.objects.filter(contact_id=message.contact_id, channel=message.channel)
    return own.values_list("address", flat=True).first() or ""


def keep(contact_id: int, rendered: Rendered) -> RenderedContent:
    """The row of a content for a contact, the same one for the same content."""
    return keep_many([(contact_id, rendered)])[contact_id, rendered]


_KEEP = """
    INSERT INTO messaging_renderedcontent (contact_id, digest, body, links)
    SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::jsonb[], %s::jsonb[]) ORDER BY 1, 2
    ON CONFLICT (contact_id, digest) DO UPDATE SET digest = excluded.digest RETURNING contact_id, digest, id
"""


def keep_many(contents: Collection[tuple[int, Rendered]]) -> dict[tuple[int, Rendered], RenderedContent]:
    """The same for many, by one statement."""
    if not contents:
        return {}
    texts = {content: dumps(content[1].to_json(), sort_keys=True) for content in contents}
    rows = {content: _row(*content, text) for content, text in texts.items()}
    with connection.cursor() as cursor:
        columns = zip(
            *((row.contact_id, row.digest, texts[of], dumps(row.links)) for of, row in rows.items()), strict=True
        )
        cursor.execute(_KEEP, [list(column) for column in columns])
        ids = {(contact_id, bytes(digest)): pk for contact_id, digest, pk in cursor.fetchall()}
    for row in rows.values():
        row.pk = ids[row.contact_id, bytes(row.digest)]
    return rows


def _row(contact_id: int, rendered: Rendered, text: str) -> RenderedContent:
    """`text`: its JSON with sorted keys, by which it is told apart."""
    digest = hashlib.sha256(text.encode()).digest()
    return RenderedContent(contact_id=contact_id, digest=digest, body=rendered.to_json(), links=links_of(rendered))
