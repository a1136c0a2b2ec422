"""SMS by Twilio's API (twilio.com/docs/messaging/api/message-resource)."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.credentials.reading import credential
from messaging.providers import http
from messaging.providers.interface import Accepted, Answer, Knowledge, NotSent, Outgoing, Refused, Sought
from messaging.providers.twilio import finding
from messaging.providers.twilio.codes import LEFT, telling_of
from messaging.providers.twilio.places import account_url, sign_in

# The account or its token, and no fault of the message.
_OURS = (401, 403)


class TwilioCourier(http.HttpCourier):
    def send(self, outgoing: Outgoing) -> Answer:
        if not all(sign_in()):
            return NotSent(_("There are no credentials, or none that can be read."))
        answer = http.call(self.http, f"{account_url()}/Messages.json", data=parameters(outgoing), auth=sign_in())
        if not isinstance(answer, http.Answered):
            return answer
        if answer.status in _OURS:
            return NotSent(answer.text)
        if answer.status in (200, 201) and answer.body.get("sid"):
            return Accepted(str(answer.body["sid"]), str(answer.body.get("status", "")))
        return _refusal(answer)

    def find(self, sought: Sought) -> Knowledge:
        return finding.find(self, sought)


def parameters(outgoing: Outgoing) -> dict[str, str]:
    """The fields of the request, in the order of Twilio's documents."""
    sender = credential("TWILIO_SENDER")
    by = "MessagingServiceSid" if sender.startswith("MG") else "From"
    return {
        "To": outgoing.address,
        "StatusCallback": callback_url(outgoing.message_id),
        by: sender,
        "Body": outgoing.rendered.text,
    }


def callback_url(message_id: int) -> str:
    """With our own number: a callback may be quicker than the answer that tells Twilio's."""
    return f"{settings.SITE_URL}{reverse('hook', args=['twilio'])}?{urlencode({'message': message_id})}"


def _refusal(answer: http.Answered) -> Refused:
    code = answer.body.get("code")
    words = f"{code or answer.status} {answer.body.get('message') or answer.text}".strip()
    return Refused(True, words, telling_of(code), left=code in LEFT)


class Twilio(http.HttpProvider):
    name = "twilio"
    label = "Twilio"
    COURIER = TwilioCourier
    CAN_BE_ASKED = True
