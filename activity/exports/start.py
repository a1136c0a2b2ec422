"""The beginning of every export."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from activity import transfers
from activity.audit import Actor
from activity.exports.copying import zone_known
from activity.exports.steps import KEEP_EXPORTS
from activity.models import Transfer
from activity.transfer_states import State


@transaction.atomic
def start(
    *,
    kind: str,
    name: str,
    parameters: Mapping[str, Any],
    format_: str,
    actor: Actor,
    contact_id: int | None = None,
) -> Transfer:
    """Has the workers make a file, in the viewer's time zone. Returns the export.

    Where the same one is being made for the same person, that is the one: a double click makes one file. `name` begins
    the file's name and holds no personal value. `contact_id`: the one contact whom all of the file is about.
    """
    zone = timezone.get_current_timezone_name()
    asked = {**parameters, "format": format_, "zone": zone if zone_known(zone) else "UTC"}
    if actor.user:
        get_user_model().objects.select_for_update().get(pk=actor.user.pk)
    owner_id = actor.user.pk if actor.user else None
    busy = Transfer.objects.filter(kind=kind, owner_id=owner_id, state__in=[State.QUEUED, State.RUNNING])
    if same := busy.filter(parameters=asked).first():
        return same
    transfer = Transfer.objects.create(
        kind=kind,
        owner_id=owner_id,
        step="run",
        parameters=asked,
        contact_id=contact_id,
        expires_at=timezone.now() + KEEP_EXPORTS,
    )
    transfer.result_name = f"{name}-{timezone.localdate():%Y-%m-%d}-{transfer.pk}.{format_}"
    transfers.queue(transfer, step="run", actor=actor, result_name=transfer.result_name)
    return transfer
