"""What follows an erasure when it is committed: the ledger, and the files of imports and exports.

A worker may be killed anywhere: each step can be done twice, and beat wakes another one.
"""

from collections import Counter

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from activity.audit import Actor, record
from activity.erasure import Persons
from activity.handlers import handler_of
from activity.models import Transfer
from contacts.erasure import ledger
from contacts.models import Erasure
from contacts.search import SEARCHES

FILES_ERASED = "contact.erase_files"
# Of one pass over all files.
_MOST = 200
_LOCK = "SELECT pg_try_advisory_lock(hashtext('contacts.erasures'))"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('contacts.erasures'))"


def finish_due() -> int:
    """Finishes the erasures that have something left to do; returns how many have not even so.

    Where another worker is at it, nothing is done.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return 0
        try:
            return _finish_due()
        finally:
            cursor.execute(_UNLOCK)


def _finish_due() -> int:
    unwritten = list(Erasure.objects.filter(in_ledger=False).order_by("pk"))
    if unwritten:
        forget_searches()
    for erasure in unwritten:
        ledger.write(erasure)
        Erasure.objects.filter(pk=erasure.pk).update(in_ledger=True)
    waiting = 0
    while due := list(Erasure.objects.filter(done_at=None).order_by("pk")[waiting : waiting + _MOST]):
        waiting += _finish(due)
    return waiting


def _finish(due: list[Erasure]) -> int:
    """One pass over the files for these erasures. Returns how many must wait for transfers that are under way."""
    removed: dict[int, Counter[str]] = {erasure.pk: Counter() for erasure in due}
    waiting: set[int] = set()
    for pk in Transfer.objects.with_files().order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():  # meanwhile nobody can go on with it
            transfer = Transfer.objects.select_for_update().get(pk=pk)
            # What came later is somebody's new decision.
            older = [erasure for erasure in due if transfer.created_at <= erasure.at]
            if transfer.is_busy:
                waiting |= {erasure.pk for erasure in older}
            elif older:
                removed[older[0].pk][transfer.kind] += _forget(transfer, older)
    for erasure in due:
        _note(erasure, removed[erasure.pk], done=erasure.pk not in waiting)
    return len(waiting)


def _forget(transfer: Transfer, erasures: list[Erasure]) -> int:
    forget = handler_of(transfer.kind).forget
    return forget(transfer, Persons.of(erasure.sought or {} for erasure in erasures)) if forget else 0


def forget_searches() -> None:
    """What the staff looked for may be a name, which nobody can recognise any more: all of it goes."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        content = session.get_decoded()
        if content.pop(SEARCHES, None):
            session.session_data = SessionStore().encode(content)
            session.save(update_fields=["session_data"])


@transaction.atomic
def _note(erasure: Erasure, removed: Counter[str], *, done: bool) -> None:
    erasure.files = dict(Counter(erasure.files) + removed)
    if done:
        erasure.sought, erasure.done_at = None, timezone.now()
        record(actor=Actor(), verb=FILES_ERASED, of=erasure, files=erasure.files)
    erasure.save(update_fields=["files", "sought", "done_at"])
