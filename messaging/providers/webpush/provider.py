"""Web push (RFC 8030): one message goes to every browser in which the contact has joined the channel.

One browser that takes it is enough for a message to be taken. Where none does, what can be mended counts most: it is
tried again, and by then only browsers that are still there. Browsers that are gone are taken out at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import structlog
from django.conf import settings
from django.db import Error
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from messaging.content.push import packed
from messaging.models import Lane, Message, PushSubscription
from messaging.providers.deadline import Deadline, seconds_for
from messaging.providers.interface import Accepted, Answer, Courier, Outgoing, Provider, Refused, Unknown
from messaging.providers.webpush import browsers
from messaging.providers.webpush.calling import Outcome, PushCaller, Pushed
from messaging.providers.webpush.encryption import MOST_TEXT, encrypt
from messaging.providers.webpush.tokens import Report
from messaging.tellings import Telling

log = structlog.get_logger(__name__)

# How urgently it wakes a device (RFC 8030, 5.3): what is to one person at once, what is to many when it suits.
_URGENCY = {Lane.URGENT: "high", Lane.BULK: "normal"}


class _Whereto(NamedTuple):
    browsers: list[PushSubscription]
    ttl: int
    urgency: str


class PushCourier(Courier):
    def __init__(self, caller: PushCaller) -> None:
        self._caller = caller

    def send(self, outgoing: Outgoing) -> Answer:
        whereto = _whereto(outgoing)
        if whereto is None or not whereto.browsers:
            return Refused(True, _("No browser of this contact gets this channel any more."), Telling.EXPIRED)
        whole = Deadline()
        whole.begin(seconds_for(Provider.TIMEOUT))
        first, *others = whereto.browsers
        found = [(first, self._push(first, outgoing, whereto, whole))]
        for each in others:
            if pushed := self._push_further(each, outgoing, whereto, whole):
                found.append((each, pushed))
        for browser, pushed in found:
            _follow(browser, pushed)
        return _answer(found)

    def _push_further(
        self, browser: PushSubscription, outgoing: Outgoing, whereto: _Whereto, whole: Deadline
    ) -> Pushed | None:
        """Delivery's own look was for the first one: who has left while that was called gets nothing, and None."""
        try:
            still = browsers.gets(browser)
        except Error:  # in doubt nothing goes there, and what others have taken stays taken
            log.exception("push_not_looked_up", browser=browser.pk)
            return Pushed(Outcome.LATER, _("Whether it still gets pushes could not be looked up."))
        return self._push(browser, outgoing, whereto, whole) if still else None

    def _push(self, browser: PushSubscription, outgoing: Outgoing, whereto: _Whereto, whole: Deadline) -> Pushed:
        text = payload(outgoing, browser.pk)
        if len(text) > MOST_TEXT:
            return Pushed(Outcome.REFUSED, _("It has %(length)d bytes more than a push may have.") % {
                "length": len(text) - MOST_TEXT
            })  # fmt: skip
        try:
            body = encrypt(text, p256dh=bytes(browser.p256dh), auth=bytes(browser.auth))
        except ValueError:
            return Pushed(Outcome.GONE, _("Its key is none that can be encrypted for."))
        try:
            seconds = whole.left()
        except TimeoutError:  # the browsers before it took all of it
            return Pushed(Outcome.LATER, _("There was no time left for it."))
        topic = outgoing.key[:32]
        return self._caller.push(
            browser.endpoint, body, ttl=whereto.ttl, urgency=whereto.urgency, topic=topic, seconds=seconds
        )


def payload(outgoing: Outgoing, browser_id: int) -> bytes:
    """What the service worker is given: JSON in UTF-8. Of two with the same `tag` one is shown."""
    rendered = outgoing.rendered
    parts = {
        "title": rendered.subject,
        "text": rendered.text,
        "icon": rendered.image,
        "link": rendered.link,
        "tag": outgoing.key,
        "hook": f"{settings.SITE_URL}{reverse('hook', args=['webpush'])}",
        "token": Report(outgoing.message_id, browser_id).token,
    }
    return packed(parts)


def _whereto(outgoing: Outgoing) -> _Whereto | None:
    """As of now: whoever has left a moment ago gets nothing. None where the message has gone with its contact."""
    found = Message.objects.filter(pk=outgoing.message_id).values_list("contact_id", "not_after", "lane").first()
    if found is None:
        return None
    contact_id, not_after, lane = found
    ttl = settings.WEBPUSH_TTL_SECONDS
    if not_after:
        ttl = max(0, min(ttl, int((not_after - now()).total_seconds())))
    return _Whereto(list(PushSubscription.objects.live(contact_id, outgoing.channel)), ttl, _URGENCY[Lane(lane)])


def _follow(browser: PushSubscription, pushed: Pushed) -> None:
    """Whatever goes wrong here does not make a push that was taken one of which nobody knows."""
    try:
        if pushed.outcome is Outcome.GONE:
            browsers.expire(browser, because=pushed.words)
        elif pushed.outcome is Outcome.ACCEPTED:
            browsers.touched(browser.pk, now())
    except Exception:
        log.exception("push_not_followed", browser=browser.pk)


def _answer(found: list[tuple[PushSubscription, Pushed]]) -> Answer:
    """Of all browsers together."""
    words = "; ".join(f"{browser}: {pushed.words}" for browser, pushed in found if pushed.words)
    best = min((pushed for _browser, pushed in found), key=lambda pushed: pushed.outcome)
    match best.outcome:
        case Outcome.ACCEPTED:
            return Accepted(best.id, words)
        case Outcome.UNKNOWN:
            return Unknown(words)
        case Outcome.LATER:
            waits = [pushed.wait for _browser, pushed in found if pushed.wait is not None]
            # One service, which may be anybody's, does not hold up the messages to all others.
            return Refused(False, words, wait_alone=min(waits, default=None))
        case Outcome.REFUSED:
            return Refused(True, words, Telling.FAILED)
    return Refused(True, words, Telling.EXPIRED)


class WebPush(Provider):
    name = "webpush"
    label = "Web push"
    # Our service worker tells what became of it.
    CONFIRMS = True
    OWN_TRACKING = True

    @contextmanager
    def courier(self) -> Iterator[Courier]:
        caller = PushCaller()
        try:
            yield PushCourier(caller)
        finally:
            caller.close()
