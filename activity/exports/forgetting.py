"""Erased people in the files of exports: whoever asked for such a file asks anew, and gets it without them."""

from pathlib import Path

from activity.erasure import Persons
from activity.exports.files import finished, growing
from activity.models import Transfer


def forget(transfer: Transfer, persons: Persons) -> int:
    """For exports of what one contact did: the file goes with the contact. Returns how many rows it had."""
    return drop(transfer) if transfer.contact_id in persons.ids else 0


def drop(transfer: Transfer) -> int:
    """Takes the file away, as when its time is over, and what was searched for; returns how many rows it had."""
    for path in (growing(transfer), finished(transfer)):
        path.unlink(missing_ok=True)
    parameters = {name: value for name, value in transfer.parameters.items() if name != "search"}
    Transfer.objects.filter(pk=transfer.pk).update(expires_at=None, parameters=parameters)
    return transfer.done


def files_of(transfer: Transfer) -> list[Path]:
    return [path for path in (growing(transfer), finished(transfer)) if path.exists()]
