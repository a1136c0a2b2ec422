"""Resending (F53): the very content that was sent, as a new message to the present address, through every check."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activity.audit import Actor
from activity.feed_actions import RowAction
from messaging.content.content import Content, ContentRefused
from messaging.content.render import Rendered, render
from messaging.delivery.outgoing import address_of
from messaging.launch import Launch
from messaging.models import Message, Receipt, RenderedContent
from messaging.sending import send
from messaging.states import OPEN, State
from messaging.tellings import Telling
from messaging.templating import refuse_unapproved


class CannotBeResent(Exception):
    """There is nothing to send again, or it is still under way; the text says which."""


@transaction.atomic
def resend(*, message: Message, actor: Actor, key: str) -> Message:
    """The new message; the one that was made before where the same key comes twice. Raises `CannotBeResent`."""
    refuse(message)
    _rendered, content = _kept(message)
    channel, origin = message.kind
    return send(
        actor=actor,
        contact_id=message.contact_id,
        channel=channel,
        content=content,
        origin=origin,
        launch=Launch.from_json(message.launch),
        idempotency_key=f"resend:{message.pk}:{key}",
        resend_of=message,
    )


# Beside events of messages whose content is kept here; what is not yet to be resent says so then.
RESEND = RowAction(
    "resend",
    _("Resend"),
    "messaging.resend_message",
    Exists(Message.objects.filter(pk=OuterRef("message_id"), rendered__isnull=False, written__isnull=False)),
    lambda event: reverse("messaging:resend", args=[event.message_id]),
)


def refuse(message: Message) -> None:
    """Raises `CannotBeResent` for what never was sent, and for what may yet be."""
    if message.state in OPEN:
        raise CannotBeResent(str(_UNDER_WAY))
    _kept(message)


def _kept(message: Message) -> tuple[RenderedContent, Content]:
    """What was sent, and what was written. Raises `CannotBeResent` where one of them is not there."""
    if message.rendered is None or (content := message.content) is None:
        raise CannotBeResent(str(_NOTHING))
    return message.rendered, content


@dataclass(frozen=True)
class Comparison:
    """What was sent beside what today's data would make of what was written, and what to think of before."""

    then: Rendered
    today: Rendered | None
    # Why today nothing could be made of it.
    refusal: str = ""
    warnings: list[str | Promise] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        return self.today is not None and self.today != self.then


def compare(message: Message) -> Comparison:
    """For a message that `refuse` lets pass."""
    rendered, content = _kept(message)
    then, today, refusal = Rendered.from_json(rendered.body), None, ""
    try:
        refuse_unapproved(content)
        today = render(content, message.contact_id)
    except ContentRefused as refused:
        refusal = refused.words
    return Comparison(then, today, refusal, list(_warnings(message)))


def _warnings(message: Message) -> list[str | Promise]:
    seen = Receipt.objects.filter(message=message, telling__in=[Telling.OPENED, Telling.CLICKED])
    people = [each for each in seen if "machine" not in each.details]
    found: list[str | Promise] = []
    if people:
        found.append(_("The contact has already opened it."))
    if message.address and message.address != address_of(message):
        found.append(_("The address has changed since: it goes to the present one."))
    if message.state == State.UNCERTAIN:
        found.append(_("It may have arrived: then the contact gets it twice."))
    if message.resends.exists():
        found.append(_("It has been resent before."))
    return found


_NOTHING = _("This message was never sent: there is no content to send again.")
_UNDER_WAY = _("This message is still under way.")
