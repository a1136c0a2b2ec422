"""Deleting many contacts."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from activity.audit import Actor
from contacts.bulk.actions import Action, Done
from contacts.erasure.erase import erase


def _erase(ids: Sequence[int], actor: Actor, _reason: str) -> Done:
    erasure = erase(ids, actor=actor)
    return Done(changed=len(erasure.contacts) if erasure else 0)


DELETE = Action(
    "delete",
    _("Delete for good"),
    "contacts.delete_contact",
    _(
        "They are deleted with all their data and history, in every table and file. There is no way back. Opt-outs and"
        " black listings of their addresses stay, as digests."
    ),
    _erase,
    group=_("For good"),
    final=True,
)
