"""The words of consent: states, blacklists, and the facts whose changes are kept. Codes keep their meaning."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activity.catalogue import Channel


class State(models.IntegerChoices):
    """Of a contact on a channel."""

    NEVER = 0, _("Never subscribed")
    SUBSCRIBED = 1, _("Subscribed")
    UNSUBSCRIBED = 2, _("Unsubscribed")


class Blacklist(models.IntegerChoices):
    EMAIL = 1, _("Email Black List")
    PHONE = 2, _("Phone Black List")
    VIBER = 3, _("Viber Black List")


class Fact(models.IntegerChoices):
    """What a consent record tells the change of; the first six are `activity.catalogue.Channel`."""

    EMAIL = 1, _("Email")
    SMS = 2, _("SMS")
    TELEGRAM = 3, _("Telegram")
    DESKTOP_WEBPUSH = 4, _("Desktop WebPush")
    MOBILE_WEBPUSH = 5, _("Mobile WebPush")
    VIBER = 6, _("Viber")
    ACTIVE = 11, _("Active")
    EMAIL_BLACKLIST = 21, _("Email Black List")
    PHONE_BLACKLIST = 22, _("Phone Black List")
    VIBER_BLACKLIST = 23, _("Viber Black List")


class Door(models.TextChoices):
    """How a change came in."""

    PAGE = "page", _("the profile")
    ADMIN = "admin", _("the administration")
    IMPORT = "import", _("an import")
    API = "api", _("the API")
    CHANNEL = "channel", _("the channel itself")
    PROVIDER = "provider", _("the provider")
    LINK = "link", _("an unsubscribe link")
    DEMO = "demo", _("demo data")


class Reason(models.TextChoices):
    """Why an address is on a blacklist."""

    HARD_BOUNCE = "hard_bounce", _("Hard bounce")
    COMPLAINT = "complaint", _("Complaint")
    LIST_UNSUBSCRIBE = "list_unsubscribe", _("List-Unsubscribe")
    IMPORT = "import", _("Import")
    UNDELIVERABLE = "undeliverable", _("Undeliverable")
    INVALID = "invalid", _("Invalid")
    UNSUBSCRIBE = "unsubscribe", _("Unsubscribe")
    SPAM = "spam", _("Spam")
    MANUAL = "manual", _("Manual")


REASONS: dict[Blacklist, tuple[Reason, ...]] = {
    Blacklist.EMAIL: (Reason.HARD_BOUNCE, Reason.COMPLAINT, Reason.LIST_UNSUBSCRIBE, Reason.MANUAL),
    Blacklist.PHONE: (Reason.IMPORT, Reason.UNDELIVERABLE, Reason.INVALID, Reason.UNSUBSCRIBE, Reason.MANUAL),
    Blacklist.VIBER: (Reason.INVALID, Reason.SPAM, Reason.MANUAL),
}
# Which attribute of the contact a channel writes to; to the others the channel itself gives an address.
ADDRESSES: dict[Channel, str] = {Channel.EMAIL: "email", Channel.SMS: "phone", Channel.VIBER: "phone"}
BLACKLISTS: dict[Channel, Blacklist] = {
    Channel.EMAIL: Blacklist.EMAIL,
    Channel.SMS: Blacklist.PHONE,
    Channel.VIBER: Blacklist.VIBER,
}
LISTED: dict[Blacklist, str] = {BLACKLISTS[channel]: ADDRESSES[channel] for channel in BLACKLISTS}
BLACKLIST_FACTS: dict[Blacklist, Fact] = {
    Blacklist.EMAIL: Fact.EMAIL_BLACKLIST,
    Blacklist.PHONE: Fact.PHONE_BLACKLIST,
    Blacklist.VIBER: Fact.VIBER_BLACKLIST,
}
# The first time comes from the person's side: a browser's permission, the bot's /start, Viber's callback.
BEGUN_BY_THE_PERSON = frozenset({Channel.TELEGRAM, Channel.DESKTOP_WEBPUSH, Channel.MOBILE_WEBPUSH, Channel.VIBER})
