"""A few messages of the demo account, sent by the sandbox and called back about, as any message is."""

import datetime

from activity.audit import Actor
from activity.catalogue import Channel, Origin
from contacts.models import Contact
from contacts.seeding.demo import EVERYTHING
from messaging.content.content import Content, Format
from messaging.delivery import work
from messaging.launch import Launch
from messaging.models import Message
from messaging.providers.registry import provider_of
from messaging.providers.sandbox.playing import play
from messaging.sending import send
from messaging.tellings import Telling

_SPRING = Content(
    Channel.EMAIL,
    subject="{{ firstName | default: 'Hello' }}, the spring collection is here",
    body=(
        "<h1>Spring, {{ firstName | default: 'dear customer' }}!</h1>"
        "<p>Boots and coats have come in. <a href='https://shop.example.com/spring'>See what is new</a>.</p>"
        "<p>{{ companyName }} · <a href='{{ unSubscribeUrl }}'>Unsubscribe</a></p>"
    ),
    format=Format.HTML,
)
_ORDER = Content(
    Channel.EMAIL,
    subject="Your order 1893",
    body="Dear {{ firstName }},\n\nyour boots are on their way and come on Thursday.\n\n{{ companyName }}",
)
_BOT = Content(Channel.TELEGRAM, body="{{ firstName }}, your parcel waits at branch 12 until Friday.")
# Content, origin, what launched it, and what is called back.
_MESSAGES = (
    (
        _SPRING,
        Origin.CAMPAIGN,
        Launch(campaign="Spring collection", tags=("spring",)),
        (Telling.DELIVERED, Telling.OPENED, Telling.CLICKED),
    ),
    (_ORDER, Origin.TRANSACTION, Launch(), (Telling.DELIVERED,)),
    (_BOT, Origin.TRIGGER, Launch(trigger="Parcel has arrived"), ()),
)


def add_demo_messages(_now: datetime.datetime) -> None:
    contact, actor = Contact.objects.get(user_id=EVERYTHING), Actor(name="Marta Levchenko")
    for content, origin, launch, tellings in _MESSAGES:
        if provider_of(content.channel).name != "sandbox":
            continue
        sent = send(
            actor=actor, contact_id=contact.pk, channel=content.channel, content=content, origin=origin, launch=launch
        )
        work.deliver(content.channel)
        message = Message.objects.get(pk=sent.pk)
        for telling in tellings if message.sent_at else ():
            play(message=message, telling=telling, actor=actor)
