"""A bulk action as a transfer: chosen, confirmed by its owner, and done by a worker in slices of a transaction each."""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.audit import Actor
from activity.handlers import Handler
from activity.models import Transfer
from activity.transfer_states import State
from activity.transfers import Claim, Refused
from contacts.bulk import selection
from contacts.bulk.actions import Action, Done, action_of
from contacts.querysets import ContactQuerySet

KIND = "bulk"
DEEDS = {
    "run": gettext_lazy("Started a bulk action"),
    "cancel": gettext_lazy("Cancelled a bulk action"),
}
_SLICE = 200
_FETCHED = 10_000


def choose(contacts: ContactQuerySet, action: Action, *, actor: Actor) -> Transfer:
    """Keeps who was chosen, for the owner to confirm. Nothing is done yet."""
    owner_id = actor.user.pk if actor.user else None
    with transaction.atomic():
        transfer = Transfer.objects.create(
            kind=KIND, owner_id=owner_id, step="confirm", parameters={"action": action.slug}, source_name=action.name
        )
        ids = contacts.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=_FETCHED)
        transfer.total = selection.write(transfer, ids)
        transfer.save(update_fields=["total"])
    return transfer


def run(claim: Claim) -> None:
    """Does what was confirmed, from where an interrupted run had got to."""
    transfer = claim.transfer
    action = action_of(transfer.parameters["action"])
    actor = Actor.owning(transfer)
    if action is None or actor.user is None or not actor.user.has_perm(action.permission):
        raise Refused(_("Whoever asked for this may not do it (any more)."))
    counts = Counter(transfer.checkpoint.get("counts", {}))
    done = transfer.done
    for ids in selection.slices(transfer, after=done, size=_SLICE):
        with transaction.atomic():
            claim.hold()
            result = action.apply(ids, actor, transfer.parameters.get("reason", ""))
            counts.update(result._asdict() | {"gone": len(ids) - sum(result)})
            done += len(ids)
            claim.checkpoint(done=done, counts=counts)
    claim.end(State.DONE, result={name: counts[name] for name in (*Done._fields, "gone")})


HANDLER = Handler(kind=KIND, label=gettext_lazy("Bulk action"), steps={"run": run}, url_name="contacts:bulk_detail")
