"""What can be done with a contact as a whole, each with what will follow from it for that very contact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.contrib.auth.models import AbstractUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.catalogue import MESSAGE_CHANNELS, Channel
from activity.labels import CHANNELS
from subscriptions.facts import BLACKLISTS, LISTED, Blacklist
from subscriptions.policy import Closed
from subscriptions.standing import Standing
from subscriptions.wording import what_closes


@dataclass(frozen=True)
class Action:
    """`stops` says whether it closes channels, for `reason`, or takes that reason away; `done` is what is said then.

    `is_done` and `is_possible` are asked of a contact; `kind` is the blacklist that it is about.
    """

    slug: str
    label: str | Promise
    permission: str
    stops: bool
    reason: Closed
    channels: Sequence[Channel]
    is_done: Callable[[Standing], bool]
    is_possible: Callable[[Standing], bool]
    rest: str | Promise
    done: str | Promise
    done_already: str | Promise
    kind: Blacklist | None = None

    def is_offered(self, standing: Standing) -> bool:
        return self.is_possible(standing) and not self.is_done(standing)

    def address(self, standing: Standing) -> str:
        """The address that it is about, as people write it; "" where it is about the contact."""
        if self.kind is None:
            return ""
        contact = standing.contact
        return contact.email_for_people if self.kind is Blacklist.EMAIL else contact.phone_for_people

    def consequences(self, standing: Standing) -> list[str]:
        """A sentence for each channel that it is about."""
        return [self._consequence(standing, channel) for channel in self.channels]

    def _consequence(self, standing: Standing, channel: Channel) -> str:
        at = standing.channels[channel]
        left = [sentence for reason, sentence in what_closes(at) if reason is not self.reason]
        facts = {"channel": CHANNELS[channel], "why": " ".join(left)}
        if self.stops:
            words = _("%(channel)s stops.") if at.verdict.is_open else _("%(channel)s cannot be sent already: %(why)s")
        else:
            words = _("%(channel)s still cannot be sent: %(why)s") if left else _("%(channel)s can be sent again.")
        return words % facts


def _has_address(kind: Blacklist, standing: Standing) -> bool:
    return bool(getattr(standing.contact, LISTED[kind]))


def _is_listed(kind: Blacklist, standing: Standing) -> bool:
    return kind in standing.listed


def _is_not_listed(kind: Blacklist, standing: Standing) -> bool:
    return kind not in standing.listed


def _of_list(kind: Blacklist) -> tuple[Action, Action]:
    """Adding and removing the contact's address."""
    channels = [channel for channel in MESSAGE_CHANNELS if BLACKLISTS.get(channel) is kind]
    has_address = partial(_has_address, kind)
    slug = f"{kind.name.lower()}-black-list"
    return (
        Action(
            f"add-to-{slug}",
            ADD_TO[kind],
            "subscriptions.add_blacklistentry",
            stops=True,
            reason=Closed.BLACKLISTED,
            channels=channels,
            is_done=partial(_is_listed, kind),
            is_possible=has_address,
            rest=gettext_lazy("It holds for whoever has this address, now and later. The subscription stays as it is."),
            done=gettext_lazy("The address is on the black list."),
            done_already=gettext_lazy("The address was on the black list already."),
            kind=kind,
        ),
        Action(
            f"remove-from-{slug}",
            REMOVE_FROM[kind],
            "subscriptions.delete_blacklistentry",
            stops=False,
            reason=Closed.BLACKLISTED,
            channels=channels,
            is_done=partial(_is_not_listed, kind),
            is_possible=has_address,
            rest=gettext_lazy("It holds for whoever has this address. Nobody is subscribed by leaving the list."),
            done=gettext_lazy("The address is off the black list."),
            done_already=gettext_lazy("The address was not on the black list any more."),
            kind=kind,
        ),
    )


ADD_TO: Mapping[Blacklist, str | Promise] = {
    Blacklist.EMAIL: gettext_lazy("Add to Email Black List"),
    Blacklist.PHONE: gettext_lazy("Add to Phone Black List"),
    Blacklist.VIBER: gettext_lazy("Add to Viber Black List"),
}
REMOVE_FROM: Mapping[Blacklist, str | Promise] = {
    Blacklist.EMAIL: gettext_lazy("Remove from Email Black List"),
    Blacklist.PHONE: gettext_lazy("Remove from Phone Black List"),
    Blacklist.VIBER: gettext_lazy("Remove from Viber Black List"),
}
ACTIVATE = Action(
    "activate",
    gettext_lazy("Activate"),
    "contacts.change_contact",
    stops=False,
    reason=Closed.INACTIVE,
    channels=MESSAGE_CHANNELS,
    is_done=lambda standing: standing.is_active,
    is_possible=lambda _standing: True,
    rest=gettext_lazy("Subscriptions and black lists stay as they are."),
    done=gettext_lazy("The contact is active."),
    done_already=gettext_lazy("The contact was active already."),
)
DEACTIVATE = Action(
    "deactivate",
    gettext_lazy("Deactivate"),
    "contacts.change_contact",
    stops=True,
    reason=Closed.INACTIVE,
    channels=MESSAGE_CHANNELS,
    is_done=lambda standing: not standing.is_active,
    is_possible=lambda _standing: True,
    rest=gettext_lazy("Subscriptions and black lists stay as they are."),
    done=gettext_lazy("The contact is deactivated: nothing is sent to them."),
    done_already=gettext_lazy("The contact was deactivated already."),
)
ACTIONS: Mapping[str, Action] = {
    action.slug: action for action in (ACTIVATE, DEACTIVATE, *(each for kind in Blacklist for each in _of_list(kind)))
}


def offered(standing: Standing, user: AbstractUser) -> list[Action]:
    """What this user can do with the contact as it stands."""
    return [action for action in ACTIONS.values() if action.is_offered(standing) and user.has_perm(action.permission)]
