"""The engine of imports and exports: PostgreSQL decides which worker does which transfer, Celery only wakes workers.

A worker claims a due transfer (lease, fence) and runs the handler's function for its step. The function calls
`Claim.checkpoint` inside the transaction of each chunk of work; when the fence has moved on, because the lease ran out
and another worker took over, that raises `Lost` and the chunk is rolled back. So a worker may be killed anywhere.
"""

import errno
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import Error, OperationalError, transaction
from django.db.models import F, Func, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2.errors import DiskFull

from activity.audit import Actor, record
from activity.handlers import handler_of
from activity.models import Transfer
from activity.transfer_states import ENDED, MOVES, State

log = structlog.get_logger(__name__)

# In a row, without any progress between them.
MOST_ATTEMPTS = 5
MOST_ERRORS = 3


class Cancelled(Exception):
    """A person asked to stop."""


class Lost(Exception):
    """Another worker has taken this transfer over."""


class Refused(Exception):
    """The transfer as a whole cannot be done; the text tells its owner why and what to do."""


class NotNow(Exception):
    """The transfer is not in a state that allows what was asked."""


@dataclass
class Claim:
    """One worker's hold on one transfer."""

    transfer: Transfer
    fence: int

    def __post_init__(self) -> None:
        self.furthest = self.transfer.done

    def checkpoint(self, *, done: int | None = None, total: int | None = None, **checkpoint: Any) -> None:
        """Records progress and prolongs the lease, within the caller's transaction.

        Raises `Lost` when the transfer is no longer this worker's, `Cancelled` when its owner asked to stop.
        """
        values: dict[str, Any] = {"lease_until": _lease()}
        if done is not None:
            values["done"] = done
            if done > self.furthest:  # a step that begins anew each time is not getting on
                values["attempts"] = 1
        if total is not None:
            values["total"] = total
        if checkpoint:
            values["checkpoint"] = checkpoint
        self._update(**values)
        self._obey()

    def hold(self) -> None:
        """Locks the transfer to the end of the caller's transaction: while that lasts, no worker takes it over.

        Raises `Lost` when another one has.
        """
        mine = Transfer.objects.select_for_update(no_key=True).filter(pk=self.transfer.pk, fence=self.fence)
        if not mine.filter(state=State.RUNNING).exists():
            raise Lost

    def end(self, state: State, **values: Any) -> None:
        """Leaves the step: `WAITING` for the person's next decision, or one of the ended states."""
        if state not in MOVES[State.RUNNING]:
            raise ValueError(state)
        if state == State.WAITING:
            self._obey()
        if state in ENDED:
            values["ended_at"] = timezone.now()
        self._update(state=state, lease_until=None, **values)

    def _obey(self) -> None:
        if Transfer.objects.filter(pk=self.transfer.pk, cancel_requested=True).exists():
            raise Cancelled

    def _update(self, **values: Any) -> None:
        mine = Transfer.objects.filter(pk=self.transfer.pk, fence=self.fence, state=State.RUNNING)
        if not mine.update(**values):
            raise Lost
        for name, value in values.items():
            setattr(self.transfer, name, value)


def retry(transfer: Transfer, *, actor: Actor) -> None:
    """Takes a failed step up again, from where it was. Raises `NotNow` when it has not failed."""
    if transfer.expires_at is None:
        raise NotNow(_("Its files have been removed: begin anew."))
    goes_on = {"checkpoint": transfer.checkpoint, "done": transfer.done}
    queue(transfer, step=transfer.step, actor=actor, **goes_on)


def queue(transfer: Transfer, *, step: str, actor: Actor, **values: Any) -> None:
    """Hands a step of a waiting or failed transfer to the workers. `values` are fields of the transfer to set with it.

    Raises `NotNow` when it is not waiting (any more): a double click queues once.
    """
    ready = [state for state, moves in MOVES.items() if State.QUEUED in moves and state != State.RUNNING]
    now = timezone.now()
    fresh = {"checkpoint": {}, "done": 0, "error": "", "attempts": 0, "started_at": None, "ended_at": None}
    fresh["cancel_requested"] = False
    with transaction.atomic():
        waiting = Transfer.objects.filter(pk=transfer.pk, state__in=ready)
        if not waiting.update(step=step, state=State.QUEUED, due_at=now, **(fresh | values)):
            raise NotNow(_("This transfer is already being worked on, or has ended."))
        record(actor=actor, verb=f"{transfer.kind}.{step}", of=transfer)
        wake(transfer.pk)
    transfer.refresh_from_db()


def cancel(transfer: Transfer, *, actor: Actor) -> None:
    """Ends a transfer: at once where nobody works on it, else at its next checkpoint. What was done stays done."""
    with transaction.atomic():
        locked = Transfer.objects.select_for_update().get(pk=transfer.pk)
        if locked.has_ended:
            raise NotNow(_("It has ended already."))
        if locked.state == State.RUNNING:
            locked.cancel_requested = True
        else:
            locked.state, locked.ended_at = State.CANCELLED, timezone.now()
        locked.save(update_fields=["cancel_requested", "state", "ended_at"])
        record(actor=actor, verb=f"{transfer.kind}.cancel", of=transfer)


def wake(pk: int) -> None:
    """Tells a worker, after the commit. Beat finds the work too, if the broker has lost the message or is away."""

    def send() -> None:  # a function with a name: Django logs it where the broker is away
        current_app.send_task("activity.tasks.run_transfer", [pk], expires=30)

    transaction.on_commit(send, robust=True)


def claim(pk: int) -> Claim | None:
    """Takes a due transfer for this worker; None where it is not due or another worker was quicker."""
    with transaction.atomic():
        due = Transfer.objects.due().filter(pk=pk).select_for_update(skip_locked=True)
        transfer = due.first()
        if transfer is None:
            return None
        transfer.state, transfer.lease_until = State.RUNNING, _lease()
        transfer.started_at = transfer.started_at or timezone.now()
        transfer.fence += 1
        transfer.attempts += 1
        transfer.save(update_fields=["state", "lease_until", "started_at", "fence", "attempts"])
    return Claim(transfer, transfer.fence)


def _lease() -> datetime:
    return timezone.now() + timedelta(seconds=settings.TRANSFER_LEASE_SECONDS)


def run(pk: int) -> None:
    """Does the due step of a transfer, to its end."""
    held = claim(pk)
    if held is None:
        return
    transfer = held.transfer
    if transfer.attempts > MOST_ATTEMPTS:
        held.end(State.FAILED, error=_("It was interrupted too often. You can try again."))
        return
    try:
        _work(held)
    except Lost:
        log.info("transfer_lost", transfer=pk)
    except BaseException as error:
        _give_back(held, error)
        raise


def _work(held: Claim) -> None:
    transfer = held.transfer
    try:
        handler_of(transfer.kind).steps[transfer.step](held)
    except Cancelled:
        held.end(State.CANCELLED)
    except Refused as refusal:
        held.end(State.FAILED, error=str(refusal))
    except (OSError, OperationalError) as error:
        if not _disk_is_full(error):
            raise
        held.end(
            State.FAILED, error=_("The server’s disk is full. Once there is room, try again: it goes on from here.")
        )


def _disk_is_full(error: Exception) -> bool:
    return isinstance(error.__cause__, DiskFull) or getattr(error, "errno", None) == errno.ENOSPC


def run_or_wait(transfer: Transfer, *, tick: Callable[[Transfer], None], seconds: float = 0.5) -> None:
    """Does a queued step in this process; where a worker was quicker, waits for it. `tick` is called meanwhile."""
    run(transfer.pk)
    transfer.refresh_from_db()
    while transfer.is_busy:
        tick(transfer)
        time.sleep(seconds)
        run(transfer.pk)
        transfer.refresh_from_db()


def _give_back(held: Claim, error: BaseException) -> None:
    """After an unforeseen error: tried again by another worker, and given up after three in a row."""
    try:
        held.transfer.refresh_from_db(fields=["attempts"])  # what was set in a transaction that failed does not count
        give_up = isinstance(error, Exception) and held.transfer.attempts >= MOST_ERRORS
        if give_up:
            held.end(
                State.FAILED, error=_("Something went wrong on our side. You can try again: it goes on from here.")
            )
        else:
            held.end(State.QUEUED, due_at=timezone.now() + timedelta(seconds=2))
    except (Error, Lost):
        # Without its database the worker can say nothing: the lease runs out instead.
        log.warning("transfer_left_to_its_lease", transfer=held.transfer.pk)


def wake_due() -> int:
    """Wakes workers for everything that is due; returns how many. The timetable's safety net."""
    due = list(Transfer.objects.due().order_by("due_at").values_list("pk", flat=True)[:100])
    for pk in due:
        wake(pk)
    return len(due)


def expire() -> int:
    """Removes the files of transfers whose time is over, and what was searched for; ends those never started.

    Returns how many.
    """
    old = Transfer.objects.filter(expires_at__lt=timezone.now()).exclude(state=State.RUNNING)
    folders = list(old.values_list("pk", "folder"))
    for _pk, folder in folders:
        shutil.rmtree(settings.TRANSFERS_ROOT / str(folder), ignore_errors=True)
    gone = Transfer.objects.filter(pk__in=[pk for pk, _folder in folders])
    gone.exclude(state__in=ENDED).update(state=State.CANCELLED, ended_at=timezone.now())
    without_search = Func(F("parameters"), Value("search"), template="(%(expressions)s)", arg_joiner=" - ")
    gone.filter(parameters__has_key="search").update(parameters=without_search)
    gone.update(expires_at=None)
    return len(folders)
