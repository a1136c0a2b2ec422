from typing import TYPE_CHECKING

from django.db import models

from contacts.digests import digest
from subscriptions.facts import Blacklist, Fact

if TYPE_CHECKING:
    from subscriptions.models import BlacklistEntry, ConsentRecord


class BlacklistQuerySet(models.QuerySet["BlacklistEntry"]):
    def of(self, kind: Blacklist, address: str) -> "BlacklistQuerySet":
        """The entry of an address in normal form, also one whose address is no longer kept."""
        return self.filter(kind=kind, digest=digest(address))


class ConsentQuerySet(models.QuerySet["ConsentRecord"]):
    def latest_of(self, contact_id: int, fact: Fact) -> int:
        """The number of the last change of a fact, 0 before the first."""
        records = self.filter(contact_id=contact_id, fact=fact).order_by("-id")
        return records.values_list("id", flat=True).first() or 0
