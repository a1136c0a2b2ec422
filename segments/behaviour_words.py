"""What contacts did and did not do, in plain words: whole phrases, since languages bend the words for messages."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from activity.catalogue import Channel, Origin, Status

# That it was done, and that it was not.
_Pair = tuple[StrOrPromise, StrOrPromise]
_C, _S, _O = Channel, Status, Origin
# Of the specification's whole catalogue (F43–F52) but of segments, which are not asked for as deeds.
_OF_MESSAGES: dict[tuple[Channel, Status], _Pair] = {
    (_C.EMAIL, _S.DELIVERED): (_("received an email"), _("did not receive an email")),
    (_C.EMAIL, _S.OPEN): (_("opened an email"), _("did not open an email")),
    (_C.EMAIL, _S.CLICK): (_("clicked in an email"), _("did not click in an email")),
    (_C.EMAIL, _S.COMPLAINT): (_("marked an email as spam"), _("did not mark an email as spam")),
    (_C.EMAIL, _S.EMAIL_UNSUBSCRIBED): (_("unsubscribed by an email"), _("did not unsubscribe by an email")),
    (_C.EMAIL, _S.SOFT): (_("had an email bounce for now (soft)"), _("had no email bounce for now (soft)")),
    (_C.EMAIL, _S.HARD): (_("had an email bounce for good (hard)"), _("had no email bounce for good (hard)")),
    (_C.EMAIL, _S.REJECT): (_("had an email rejected"), _("had no email rejected")),
    (_C.SMS, _S.DELIVERED): (_("received an SMS"), _("did not receive an SMS")),
    (_C.SMS, _S.CLICK): (_("clicked in an SMS"), _("did not click in an SMS")),
    (_C.SMS, _S.FAIL): (_("had an SMS fail"), _("had no SMS fail")),
    (_C.SMS, _S.REJECT): (_("had an SMS rejected"), _("had no SMS rejected")),
    (_C.TELEGRAM, _S.DELIVERED): (_("received a Telegram message"), _("did not receive a Telegram message")),
    (_C.TELEGRAM, _S.OPEN): (_("opened a Telegram message"), _("did not open a Telegram message")),
    (_C.TELEGRAM, _S.CLICK): (_("clicked in a Telegram message"), _("did not click in a Telegram message")),
    (_C.TELEGRAM, _S.FAILED): (_("had a Telegram message fail"), _("had no Telegram message fail")),
    (_C.DESKTOP_WEBPUSH, _S.DELIVERED): (_("received a desktop web push"), _("did not receive a desktop web push")),
    (_C.DESKTOP_WEBPUSH, _S.OPEN): (_("opened a desktop web push"), _("did not open a desktop web push")),
    (_C.DESKTOP_WEBPUSH, _S.CLICK): (_("clicked on a desktop web push"), _("did not click on a desktop web push")),
    (_C.DESKTOP_WEBPUSH, _S.EXPIRED): (_("had a desktop web push expire"), _("had no desktop web push expire")),
    (_C.DESKTOP_WEBPUSH, _S.DISMISSED): (_("dismissed a desktop web push"), _("did not dismiss a desktop web push")),
    (_C.DESKTOP_WEBPUSH, _S.UNDELIVERED): (
        _("had a desktop web push not delivered"),
        _("had no desktop web push not delivered"),
    ),
    (_C.MOBILE_WEBPUSH, _S.DELIVERED): (_("received a mobile web push"), _("did not receive a mobile web push")),
    (_C.MOBILE_WEBPUSH, _S.OPEN): (_("opened a mobile web push"), _("did not open a mobile web push")),
    (_C.MOBILE_WEBPUSH, _S.CLICK): (_("clicked on a mobile web push"), _("did not click on a mobile web push")),
    (_C.MOBILE_WEBPUSH, _S.EXPIRED): (_("had a mobile web push expire"), _("had no mobile web push expire")),
    (_C.MOBILE_WEBPUSH, _S.DISMISSED): (_("dismissed a mobile web push"), _("did not dismiss a mobile web push")),
    (_C.MOBILE_WEBPUSH, _S.UNDELIVERED): (
        _("had a mobile web push not delivered"),
        _("had no mobile web push not delivered"),
    ),
    (_C.VIBER, _S.DELIVERED): (_("received a Viber message"), _("did not receive a Viber message")),
    (_C.VIBER, _S.OPEN): (_("opened a Viber message"), _("did not open a Viber message")),
    (_C.VIBER, _S.CLICK): (_("clicked in a Viber message"), _("did not click in a Viber message")),
    (_C.VIBER, _S.FAIL): (_("had a Viber message fail"), _("had no Viber message fail")),
    (_C.VIBER, _S.REJECT): (_("had a Viber message rejected"), _("had no Viber message rejected")),
    (_C.VIBER, _S.EXPIRED): (_("had a Viber message expire"), _("had no Viber message expire")),
}
_OF_OTHERS: dict[tuple[Channel, Origin], _Pair] = {
    (_C.EMAIL, _O.SUBSCRIBED): (_("subscribed to emails"), _("did not subscribe to emails")),
    (_C.EMAIL, _O.UNSUBSCRIBED): (_("unsubscribed from emails"), _("did not unsubscribe from emails")),
    (_C.SMS, _O.SUBSCRIBED): (_("subscribed to SMS"), _("did not subscribe to SMS")),
    (_C.SMS, _O.UNSUBSCRIBED): (_("unsubscribed from SMS"), _("did not unsubscribe from SMS")),
    (_C.TELEGRAM, _O.SUBSCRIBED): (_("subscribed to Telegram"), _("did not subscribe to Telegram")),
    (_C.TELEGRAM, _O.UNSUBSCRIBED): (_("unsubscribed from Telegram"), _("did not unsubscribe from Telegram")),
    (_C.DESKTOP_WEBPUSH, _O.SUBSCRIBED): (
        _("subscribed to desktop web push"),
        _("did not subscribe to desktop web push"),
    ),
    (_C.DESKTOP_WEBPUSH, _O.UNSUBSCRIBED): (
        _("unsubscribed from desktop web push"),
        _("did not unsubscribe from desktop web push"),
    ),
    (_C.MOBILE_WEBPUSH, _O.SUBSCRIBED): (_("subscribed to mobile web push"), _("did not subscribe to mobile web push")),
    (_C.MOBILE_WEBPUSH, _O.UNSUBSCRIBED): (
        _("unsubscribed from mobile web push"),
        _("did not unsubscribe from mobile web push"),
    ),
    (_C.VIBER, _O.SUBSCRIBED): (_("subscribed to Viber"), _("did not subscribe to Viber")),
    (_C.VIBER, _O.UNSUBSCRIBED): (_("unsubscribed from Viber"), _("did not unsubscribe from Viber")),
    (_C.CONTACT, _O.ADDED): (_("was added"), _("was not added")),
    (_C.CONTACT, _O.ACTIVATED): (_("was activated"), _("was not activated")),
    (_C.CONTACT, _O.DEACTIVATED): (_("was deactivated"), _("was not deactivated")),
    (_C.OTHER, _O.CUSTOM_EVENT): (_("had any custom event"), _("had no custom event")),
    (_C.OTHER, _O.CUSTOM_CONVERSION): (_("had any custom conversion"), _("had no custom conversion")),
}


def of_message(channel: Channel, status: Status) -> tuple[str, str]:
    """That it was done, such as “opened an email”, and that it was not, such as “did not open an email”."""
    did, did_not = _OF_MESSAGES[channel, status]
    return str(did), str(did_not)


def of_other(channel: Channel, origin: Origin, name: str = "") -> tuple[str, str]:
    """The same of what is no message; `name` is that of a custom event."""
    if name:
        words = {"name": name}
        return gettext("did “%(name)s”") % words, gettext("did not do “%(name)s”") % words
    did, did_not = _OF_OTHERS[channel, origin]
    return str(did), str(did_not)
