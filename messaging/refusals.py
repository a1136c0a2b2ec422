"""Why a message is not handed to a provider, in words for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from subscriptions.policy import Closed

CLOSED: dict[Closed, str | Promise] = {
    Closed.NO_ADDRESS: _("There is no address for this channel."),
    Closed.INACTIVE: _("The contact is deactivated."),
    Closed.BLACKLISTED: _("The address is on a black list."),
    Closed.UNSUBSCRIBED: _("The contact has unsubscribed."),
    Closed.NEVER_SUBSCRIBED: _("The contact never subscribed to this channel."),
}
TOO_LATE = _("It was not to be sent after this time.")
GIVEN_UP = _("The provider refused it again and again.")
UNCLEAR = _("The provider gave no answer: it may have been sent or not.")
