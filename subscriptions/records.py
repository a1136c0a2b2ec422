"""What every change of consent leaves behind, and what is held while it happens.

Lock order: contacts by ascending id, then subscriptions, opt-outs and blacklist entries. Whoever changes consent holds
the contact first, so that two at once come one after the other, and both see what the other has done.
"""

import datetime
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from activity.audit import Actor
from contacts.models import Contact
from subscriptions.facts import Door, Fact
from subscriptions.models import ConsentRecord


class Refused(Exception):
    """The change may not be made; the text says why, and what would be needed. `code` names the rule."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True)
class Evidence:
    """That a person consented: where, when (aware), and to which words."""

    source: str
    at: datetime.datetime
    wording: str

    @property
    def is_complete(self) -> bool:
        return bool(self.source.strip() and self.wording.strip() and self.at.tzinfo)


@dataclass(frozen=True)
class Change:
    """Who makes a change, how and why."""

    actor: Actor
    door: Door
    reason: str = ""
    evidence: Evidence | None = None


def held(contact_id: int) -> Contact:
    """The contact as it is now; nobody else changes it or its consent before this transaction ends."""
    return Contact.objects.select_for_update(no_key=True).get(pk=contact_id)


def refuse_unseen(contact: Contact, fact: Fact, seen: int | None) -> None:
    """Nobody loosens what somebody else has changed since they looked: of two people at once the stricter one wins."""
    if seen is not None and seen != ConsentRecord.objects.latest_of(contact.pk, fact):
        raise Refused("changed_meanwhile", _("Somebody else has changed this meanwhile. Look again before you go on."))


def keep(contact_id: int, fact: Fact, before: str, after: str, change: Change) -> None:
    """Writes the consent record of a change."""
    record_of(contact_id, fact, before, after, change).save(force_insert=True)


def record_of(contact_id: int, fact: Fact, before: str, after: str, change: Change) -> ConsentRecord:
    """The consent record of a change, to be written with others."""
    return ConsentRecord(
        contact_id=contact_id,
        fact=fact,
        before=before,
        after=after,
        user_id=change.actor.user.pk if change.actor.user else None,
        by=change.actor.name,
        door=change.door,
        reason=change.reason.strip(),
        evidence=asdict(change.evidence) if change.evidence else {},
        ip=change.actor.ip,
    )
