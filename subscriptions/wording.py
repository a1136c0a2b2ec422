"""Permission to send in sentences: what closes a channel, and what would open it."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.catalogue import Channel
from activity.labels import CHANNELS
from subscriptions.facts import ADDRESSES, BLACKLISTS, Door, Fact, State
from subscriptions.policy import Closed
from subscriptions.standing import ChannelStanding, LastChange, Listed

WORDS: dict[str, str | Promise] = {
    **{state.name.lower(): state.label for state in State},
    "active": gettext_lazy("Active"),
    "inactive": gettext_lazy("Inactive"),
    "listed": gettext_lazy("On the list"),
    "unlisted": gettext_lazy("Not on the list"),
}
_ABSENT: dict[str, tuple[str | Promise, str | Promise]] = {
    "email": (gettext_lazy("There is no email."), gettext_lazy("add an email")),
    "phone": (gettext_lazy("There is no phone number."), gettext_lazy("add a phone number")),
    "": (
        gettext_lazy("No address is known: the channel itself gives it."),
        gettext_lazy("the person opens the channel"),
    ),
}


def what_closes(standing: ChannelStanding) -> list[tuple[Closed, str]]:
    """A sentence for each reason, the first to mend first."""
    return [(reason, _closes(reason, standing)) for reason in _told(standing)]


def what_opens(standing: ChannelStanding) -> str:
    """What would have to be done, in that order, as one sentence; "" for what is open."""
    if standing.verdict.is_open:
        return ""
    steps = [_opens(reason, standing) for reason in _told(standing)]
    return _("To send: %(steps)s.") % {"steps": _(", then ").join(dict.fromkeys(steps))}


def since(standing: ChannelStanding) -> str:
    """The state with when, by whom and how it came about, as far as that is known."""
    label = str(standing.state.label)
    return f"{label} {how(standing.since)}" if standing.since else label


def how(record: LastChange) -> str:
    """When, by whom and through which door."""
    facts = {"day": _day(record), "who": record.by, "door": record.door.label}
    return (_("%(day)s by %(who)s") if record.door == Door.PAGE else _("%(day)s by %(who)s through %(door)s")) % facts


def fact_label(fact: Fact) -> str | Promise:
    """As a consent record names what was changed."""
    is_of_channel = fact.value in {channel.value for channel in CHANNELS}
    return format_lazy(gettext_lazy("{channel} subscription"), channel=fact.label) if is_of_channel else fact.label


def _told(standing: ChannelStanding) -> Iterator[Closed]:
    """Where a channel gives the address, whoever never subscribed to it cannot have one: that goes without saying."""
    given = standing.channel not in ADDRESSES
    for reason in standing.verdict.reasons:
        if not (given and reason is Closed.NO_ADDRESS and not standing.begun):
            yield reason


def _closes(reason: Closed, standing: ChannelStanding) -> str:
    match reason:
        case Closed.NO_ADDRESS:
            return str(_ABSENT[ADDRESSES.get(standing.channel, "")][0])
        case Closed.INACTIVE:
            last = standing.deactivated
            return _("Deactivated %(how)s.") % {"how": how(last)} if last else _("The contact is deactivated.")
        case Closed.BLACKLISTED:
            return _blacklisted(standing)
        case Closed.UNSUBSCRIBED:
            return f"{since(standing)}." if standing.since else _("Whoever has this address has opted out.")
        case Closed.NEVER_SUBSCRIBED:
            return _("Never subscribed.")


def _opens(reason: Closed, standing: ChannelStanding) -> str:
    match reason:
        case Closed.NO_ADDRESS:
            return str(_ABSENT[ADDRESSES.get(standing.channel, "")][1])
        case Closed.INACTIVE:
            return _("activate the contact")
        case Closed.BLACKLISTED:
            return _("remove the address from the black list")
    if not standing.may_begin:
        return _("the person subscribes by %(channel)s itself") % {"channel": CHANNELS[standing.channel]}
    if Closed.UNSUBSCRIBED in standing.verdict.reasons:
        return _("subscribe them again once they ask for it")
    return _("subscribe the contact")


def _blacklisted(standing: ChannelStanding) -> str:
    kind = BLACKLISTS[Channel(standing.channel)]
    if standing.listed is None:
        return _("On the %(list)s.") % {"list": kind.label}
    facts = {"list": kind.label, "day": _day(standing.listed), "reason": standing.listed.reason.label}
    return _("On the %(list)s since %(day)s (%(reason)s).") % facts


def _day(it: LastChange | Listed) -> str:
    return date_format(timezone.localtime(it.at), "DATE_FORMAT")
