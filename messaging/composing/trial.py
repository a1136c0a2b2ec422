"""A test to oneself: what a contact would get, sent to whoever writes it. It is no message of the contact's."""

import uuid
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _

from activity.audit import Actor, record
from activity.catalogue import Channel
from contacts.models import Contact
from messaging.content.render import Rendered
from messaging.providers.interface import Accepted, Answer, NotSent, Outgoing, Refused
from messaging.providers.registry import provider_of

# Whoever tries the links of a test must not unsubscribe the contact, or subscribe them again.
LINKS_OF_A_TRIAL = dict.fromkeys(("unSubscribeUrl", "subscribeUrl"), f"{settings.SITE_URL}/#only-a-test")


def send_trial(*, rendered: Rendered, contact: Contact, address: str, actor: Actor) -> Answer:
    """Hands a mail for `address` to the provider at once, outside any transaction, and returns its answer."""
    record(actor=actor, verb="message.test", of=contact)
    list_ = contact.contact_list
    outgoing = Outgoing(
        message_id=0,
        channel=Channel.EMAIL,
        address=address,
        name=actor.name,
        rendered=replace(rendered, subject=_("[Test] %(subject)s") % {"subject": rendered.subject}),
        key=f"rapport-test-{uuid.uuid4()}",
        sender=list_.company_email or settings.DEFAULT_FROM_EMAIL,
        sender_name=list_.company_name,
    )
    with provider_of(Channel.EMAIL).courier() as courier:
        return courier.send(outgoing)


def told(answer: Answer, address: str) -> tuple[bool, str]:
    """Whether it went, and what is said of it."""
    facts = {"address": address, "words": answer.words}
    match answer:
        case Accepted() if provider_of(Channel.EMAIL).name == "sandbox":
            return True, _("The sandbox took the test for %(address)s; nothing has left.") % facts
        case Accepted():
            return True, _("The test is on its way to %(address)s.") % facts
        case Refused() | NotSent():
            return False, _("The test was not sent: %(words)s") % facts
    return False, _("Whether the test was sent is not known: %(words)s") % facts
