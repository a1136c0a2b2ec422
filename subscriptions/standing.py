"""How a contact stands: each channel's state and verdict, the blacklists it is on, and who changed what last."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from activity.catalogue import MESSAGE_CHANNELS, Channel
from contacts.digests import Digest
from contacts.models import Contact
from contacts.statements import OneContact
from subscriptions import policy
from subscriptions.facts import BEGUN_BY_THE_PERSON, BLACKLISTS, LISTED, Blacklist, Door, Fact, Reason, State
from subscriptions.models import BlacklistEntry, ConsentRecord, Subscription
from subscriptions.policy import Closed, Verdict


@dataclass(frozen=True)
class LastChange:
    """The latest change of a fact: the number of its consent record, and what that tells."""

    pk: int
    after: str
    by: str
    door: Door
    at: datetime.datetime


@dataclass(frozen=True)
class Listed:
    """The entry of a blacklist that has the contact's address."""

    pk: int
    kind: Blacklist
    reason: Reason
    at: datetime.datetime


@dataclass(frozen=True)
class ChannelStanding:
    """One channel of a contact. `last` is the latest change of it; `begun`, whether it was ever subscribed."""

    channel: Channel
    verdict: Verdict
    begun: bool
    last: LastChange | None
    listed: Listed | None
    deactivated: LastChange | None

    @property
    def state(self) -> State:
        if Closed.UNSUBSCRIBED in self.verdict.reasons:
            return State.UNSUBSCRIBED
        return State.NEVER if Closed.NEVER_SUBSCRIBED in self.verdict.reasons else State.SUBSCRIBED

    @property
    def is_subscribed(self) -> bool:
        return self.state is State.SUBSCRIBED

    @property
    def since(self) -> LastChange | None:
        """What made the state; None where that was no change of this contact."""
        return self.last if self.last and self.last.after == self.state.name.lower() else None

    @property
    def seen(self) -> int:
        """What somebody who decides about this channel now has seen."""
        return self.last.pk if self.last else 0

    @property
    def may_begin(self) -> bool:
        """Whether people of the staff may subscribe; some channels begin with the person."""
        return self.begun or self.channel not in BEGUN_BY_THE_PERSON


@dataclass(frozen=True)
class Standing:
    contact: Contact
    channels: Mapping[Channel, ChannelStanding]
    listed: Mapping[Blacklist, Listed]
    last: Mapping[int, LastChange]
    is_active: bool

    def seen(self, fact: Fact) -> int:
        return self.last[fact].pk if fact in self.last else 0


def standing_of(contact: Contact) -> Standing:
    """By one statement, whatever there is. Raises `Contact.DoesNotExist` for one who has gone."""
    return standing_in(contact, _statement().of(contact.pk))


def standing_in(contact: Contact, found: Mapping[str, Any]) -> Standing:
    """The same from a row that has what is `asked`."""
    last = {change["fact"]: _change(**change) for change in map(json.loads, found["last"])}
    listed = {kind: _listed(kind, json.loads(entry)) for kind in LISTED if (entry := found[_entry(kind)])}
    verdicts = policy.verdicts_in(found)
    channels = {
        channel: ChannelStanding(
            channel,
            verdicts[channel],
            channel in found["begun"],
            last.get(channel),
            listed.get(BLACKLISTS[channel]) if channel in BLACKLISTS else None,
            last.get(Fact.ACTIVE),
        )
        for channel in MESSAGE_CHANNELS
    }
    return Standing(contact, channels, listed, last, is_active=found["active"])


def _change(*, pk: int, fact: int, after: str, by: str, door: str, at: str) -> LastChange:
    return LastChange(pk, after, by, Door(door), datetime.datetime.fromisoformat(at))


def _listed(kind: Blacklist, entry: Mapping[str, Any]) -> Listed:
    return Listed(entry["pk"], kind, Reason(entry["reason"]), datetime.datetime.fromisoformat(entry["at"]))


def asked() -> dict[str, Combinable]:
    begun = Subscription.objects.filter(contact=OuterRef("pk"), begun=True).values("channel")
    records = ConsentRecord.objects.filter(contact=OuterRef("pk")).order_by("fact", "-id").distinct("fact")
    last = records.values(record=JSONObject(pk="pk", fact="fact", after="after", by="by", door="door", at="at"))
    entries = {_entry(kind): Subquery(_entry_of(kind, field)) for kind, field in LISTED.items()}
    facts = {"active": F("is_active"), "begun": ArraySubquery(begun), "last": ArraySubquery(last)}
    return {**policy.annotations(), **entries, **facts}


@cache
def _statement() -> OneContact:
    return OneContact(**asked())


def _entry_of(kind: Blacklist, field: str) -> QuerySet[BlacklistEntry, Any]:
    entries = BlacklistEntry.objects.filter(kind=kind, digest=Digest(OuterRef(field)))
    return entries.values(entry=JSONObject(pk="pk", reason="reason", at="at"))


def _entry(kind: Blacklist) -> str:
    return f"entry_{kind.name.lower()}"
