"""The audit log: who did what, when and from where."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import Model, QuerySet

from activity.models import AuditEntry, Transfer
from activity.requests import StaffRequest


@dataclass(frozen=True)
class Actor:
    """Who acts, and through which door: a member of the staff by a page, or the system itself."""

    user: AbstractUser | None = None
    name: str = "Rapport"
    ip: str | None = None

    @classmethod
    def of(cls, request: StaffRequest) -> "Actor":
        """The signed-in user of a request and the address it came from."""
        return cls(user=request.user, name=request.user.get_username(), ip=request.META.get("REMOTE_ADDR") or None)

    @classmethod
    def owning(cls, transfer: Transfer) -> "Actor":
        """Whoever a worker does a transfer for."""
        return cls(user=transfer.owner, name=transfer.owner.get_username()) if transfer.owner else cls()


def record(*, actor: Actor, verb: str, of: Model | None = None, **details: Any) -> AuditEntry:
    """Writes one entry, in the transaction of the change it tells of.

    `details` hold counts, names of fields and ids, never a personal value.
    """
    return AuditEntry.objects.create(
        actor_id=actor.user.pk if actor.user else None,
        actor_name=actor.name,
        verb=verb,
        object_type=of._meta.label_lower if of else "",
        object_id=of.pk if of else None,
        details=details,
        ip=actor.ip,
    )


def latest(*, of: Model, verbs: Collection[str], **details: Any) -> AuditEntry | None:
    """The last entry on an object with one of these verbs and all these `details`."""
    return entries_on(of, verbs=verbs).filter(details__contains=details).first()


def entries_on(of: Model, *, verbs: Collection[str]) -> QuerySet[AuditEntry]:
    """The entries on an object with one of these verbs, the last one first; each comes with who acted."""
    entries = AuditEntry.objects.filter(object_type=of._meta.label_lower, object_id=of.pk, verb__in=verbs)
    return entries.select_related("actor").order_by("-at", "-pk")
