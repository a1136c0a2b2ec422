"""The beginning of every import, whichever door its file came through."""

import shutil
from pathlib import Path

from django.db import transaction

from activity import transfers
from activity.audit import Actor
from activity.models import Transfer
from contacts.imports.steps import KIND
from contacts.imports.storage import uploaded


def start(*, file: Path, name: str, actor: Actor) -> Transfer:
    """Takes the file over (it is moved away from `file`) and has it inspected. Returns the import."""
    with transaction.atomic():
        owner_id = actor.user.pk if actor.user else None
        transfer = Transfer.objects.create(kind=KIND, owner_id=owner_id, source_name=name[:255], step="inspect")
        shutil.move(file, uploaded(transfer))
        transfers.queue(transfer, step="inspect", actor=actor)
    return transfer
