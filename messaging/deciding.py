"""What people decide on messages: that a doubtful one was sent or not, and that a waiting one stays here."""

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity import audit
from activity.audit import Actor
from messaging import feed
from messaging.holding import hold
from messaging.models import Message
from messaging.states import State
from messaging.tellings import Telling


class NotNow(Exception):
    """The message is in another state by now; the text says so."""


@transaction.atomic
def settle(*, message: Message, sent: bool, actor: Actor) -> None:
    """Closes a doubt: somebody has asked the provider, or the contact. Raises `NotNow`."""
    _held(message, State.UNCERTAIN)
    words = _("Marked as sent by %(name)s.") if sent else _("Marked as not sent by %(name)s.")
    state = State.SENT if sent else State.FAILED
    Message.objects.filter(pk=message.pk).update(state=state, words=words % {"name": actor.name})
    if not sent:
        feed.tell(feed.told(message, Telling.FAILED, at=now(), words=words % {"name": actor.name}))
    audit.record(actor=actor, verb="message.settle", of=message, sent=sent)


@transaction.atomic
def cancel(*, message: Message, actor: Actor) -> None:
    """Keeps a message that waits from being sent. Raises `NotNow`."""
    _held(message, State.QUEUED)
    words = _("Cancelled by %(name)s.") % {"name": actor.name}
    Message.objects.filter(pk=message.pk).update(state=State.CANCELLED, words=words)
    audit.record(actor=actor, verb="message.cancel", of=message)


def _held(message: Message, state: State) -> None:
    hold(message.contact_id)
    if not Message.objects.select_for_update().filter(pk=message.pk, state=state).exists():
        raise NotNow(_("The message is in another state by now."))
